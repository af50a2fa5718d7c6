// Package maps is for cells what the interpreter can't run of Go's maps.
package maps

// Clone is maps.Clone.
func Clone[M ~map[K]V, K comparable, V any](m M) M {
	if m == nil {
		return nil
	}
	all := make(M, len(m))
	for k, v := range m {
		all[k] = v
	}
	return all
}
