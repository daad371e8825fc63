import CAptShim
