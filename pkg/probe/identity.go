package probe

import "reflect"

// Identity is how a probe may recognize a future, a task or a socket. It is the
// address, so it keeps nothing alive: something new at an old address announces itself
// (Made, Spawned, Opened).
type Identity struct {
	address uintptr
	is      reflect.Type
}

// IdentityOf returns the Identity of x; the zero Identity if x is not a pointer.
func IdentityOf(x any) Identity {
	v := reflect.ValueOf(x)
	if v.Kind() != reflect.Pointer {
		return Identity{}
	}
	return Identity{v.Pointer(), v.Type()}
}
