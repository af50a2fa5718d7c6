package stages

// Read busy.go before it: a conversation is the same talk here. What is new is that the
// kernel says when to try. What it lacks: everything happens in one function, which must
// know every kind of event. callbacks.go is the next step.

import "stepwise/pkg/selector"

// Selector begins every conversation, and sleeps until one of them can go on.
func Selector(addresses []string) []Answer {
	s, err := newSelector()
	if err != nil {
		return failed(addresses, err)
	}
	defer s.Close()
	return SelectOn(s, addresses)
}

// SelectOn is Selector on s, which the caller closes. Nothing stays registered.
func SelectOn(s selector.Selector, addresses []string) []Answer {
	buffer := make([]byte, 64<<10)
	talks := make([]*talk, len(addresses))
	pending := 0
	for i, address := range addresses {
		talks[i] = begin(kernel, address)
		if watch(s, talks[i]) {
			pending++
		}
	}
	for pending > 0 {
		ready, err := s.Select(-1) // here the whole program waits
		if err != nil {
			return abandon(s, talks, err)
		}
		for _, r := range ready {
			if advance(s, r.Data.(*talk), buffer) {
				pending--
			}
		}
	}
	return answersOf(talks)
}

// watch registers t for Write, and reports whether t goes on. Write comes first: a socket
// is writable once its connect has succeeded or failed.
func watch(s selector.Selector, t *talk) bool {
	if !t.over {
		if err := s.Register(t.fd, selector.Write, t); err != nil {
			t.end(err)
		}
	}
	if t.over {
		t.close()
	}
	return !t.over
}

// advance makes one attempt on t, and reports whether that has ended it.
func advance(s selector.Selector, t *talk, buffer []byte) (ended bool) {
	sending := len(t.request) > 0
	t.try(buffer)
	if sending && len(t.request) == 0 {
		// A socket is nearly always writable: with Write left in, this would spin.
		t.note(s.Modify(t.fd, selector.Read, t))
	}
	if t.over {
		_ = s.Unregister(t.fd) // first: once closed, the number may belong to another socket
		t.close()
	}
	return t.over
}

// abandon ends with err what is still going on.
func abandon(s selector.Selector, talks []*talk, err error) []Answer {
	for _, t := range talks {
		if !t.over {
			t.end(err)
			_ = s.Unregister(t.fd)
			t.close()
		}
	}
	return answersOf(talks)
}
