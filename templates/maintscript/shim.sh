#!/bin/sh
exec sh /var/lib/belay/PACKAGE/belay "$@"
