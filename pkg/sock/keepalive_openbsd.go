package sock

// keepAlive is empty: sysctl(2) has the times, for all sockets together.
var keepAlive []int

const keepAliveUnits = 1
