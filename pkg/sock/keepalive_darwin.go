package sock

import "golang.org/x/sys/unix"

// keepAlive are the options for the idle time, the interval and the count.
var keepAlive = []int{unix.TCP_KEEPALIVE, unix.TCP_KEEPINTVL, unix.TCP_KEEPCNT}

const keepAliveUnits = 1 // in a second
