package probe

import "reflect"

// Identity is what a probe may know a future, a task or a socket by. It is the
// address, so it keeps nothing alive: what is made at an old address says so
// (Made, Spawned, Opened), and is another.
type Identity struct {
	address uintptr
	is      reflect.Type
}

// IdentityOf is that of x; the zero Identity if x is no pointer.
func IdentityOf(x any) Identity {
	v := reflect.ValueOf(x)
	if v.Kind() != reflect.Pointer {
		return Identity{}
	}
	return Identity{v.Pointer(), v.Type()}
}
