"""The same steps by hand: `omraadetal …`."""
