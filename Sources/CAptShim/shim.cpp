#undef DEBUG  // SwiftPM passes -DDEBUG=1, which collides with an enumerator in apt-pkg/error.h
#include "CAptShim.h"
