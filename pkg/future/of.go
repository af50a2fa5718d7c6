package future

// Of is a Future whose result is a T: the compiler sees to it that nothing else comes out.
// It is a Future in all other ways, and as cheap. The zero Of is pending forever.
type Of[T any] struct{ *Future }

// NewOf makes a pending Of, as New does.
func NewOf[T any](s Scheduler) Of[T] { return Of[T]{New(s)} }

// SetResult ends f with a value, as Future.SetResult does.
func (f Of[T]) SetResult(value T) error { return f.Future.SetResult(value) }

// Value is Result with its type; the zero value if there is an error.
func (f Of[T]) Value() (T, error) {
	v, err := f.Result()
	value, _ := v.(T) // SetResult takes nothing else; a nil interface comes out as nil
	return value, err
}
