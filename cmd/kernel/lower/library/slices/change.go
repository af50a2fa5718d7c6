package slices

// Insert is slices.Insert.
func Insert[S ~[]E, E any](s S, i int, v ...E) S {
	_ = s[i:]
	if len(v) == 0 {
		return s
	}
	return Replace(s, i, i, v...)
}

// Delete is slices.Delete.
func Delete[S ~[]E, E any](s S, i, j int) S {
	_ = s[i:j:len(s)]
	if i == j {
		return s
	}
	kept := append(s[:i], s[j:]...)
	clear(s[len(kept):])
	return kept
}

// DeleteFunc is slices.DeleteFunc.
func DeleteFunc[S ~[]E, E any](s S, del func(E) bool) S {
	n := 0
	for _, v := range s {
		if !del(v) {
			s[n] = v
			n++
		}
	}
	clear(s[n:])
	return s[:n]
}

// Replace is slices.Replace.
func Replace[S ~[]E, E any](s S, i, j int, v ...E) S {
	_ = s[i:j]
	before := len(s)
	if before-(j-i)+len(v) > cap(s) {
		return append(append(append(S(nil), s[:i]...), v...), s[j:]...)
	}
	v = append([]E(nil), v...) // it may be a part of s
	rest := append([]E(nil), s[j:]...)
	all := append(append(s[:i], v...), rest...)
	if len(all) < before {
		clear(s[len(all):before])
	}
	return all
}

// Clone is slices.Clone.
func Clone[S ~[]E, E any](s S) S { return append(s[:0:0], s...) }

// Compact is slices.Compact.
func Compact[S ~[]E, E comparable](s S) S {
	return CompactFunc(s, func(a, b E) bool { return a == b })
}

// CompactFunc is slices.CompactFunc.
func CompactFunc[S ~[]E, E any](s S, eq func(E, E) bool) S {
	if len(s) < 2 {
		return s
	}
	n := 1
	for i := 1; i < len(s); i++ {
		if !eq(s[n-1], s[i]) {
			s[n] = s[i]
			n++
		}
	}
	clear(s[n:])
	return s[:n]
}

// Grow is slices.Grow.
func Grow[S ~[]E, E any](s S, n int) S {
	if n < 0 {
		panic("cannot be negative")
	}
	if cap(s)-len(s) >= n {
		return s
	}
	return append(s[:cap(s)], make([]E, n-(cap(s)-len(s)))...)[:len(s)]
}

// Clip is slices.Clip.
func Clip[S ~[]E, E any](s S) S { return s[:len(s):len(s)] }

// Reverse is slices.Reverse.
func Reverse[S ~[]E, E any](s S) {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}

// Concat is slices.Concat.
func Concat[S ~[]E, E any](slices ...S) S {
	var all S
	for _, s := range slices {
		all = append(all, s...)
	}
	return all
}

// Repeat is slices.Repeat.
func Repeat[S ~[]E, E any](x S, count int) S {
	if count < 0 {
		panic("cannot be negative")
	}
	all := make(S, 0, len(x)*count)
	for range count {
		all = append(all, x...)
	}
	return all
}
