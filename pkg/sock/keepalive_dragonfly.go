package sock

import "golang.org/x/sys/unix"

// keepAlive are the options for the idle time, the interval and the count.
var keepAlive = []int{unix.TCP_KEEPIDLE, unix.TCP_KEEPINTVL, unix.TCP_KEEPCNT}

const keepAliveUnits = 1000 // in a second
