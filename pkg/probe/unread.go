package probe

// Errors that nobody reads. One is reported as lost only when nobody can read it any
// more, since a task that fails may be asked an hour later, by whoever gathers it
// with a thousand others.

// unread is the errors that may not have been read.
type unread struct {
	all      []func() (held bool, err error)
	patience int // how many are kept before they are looked through
}

// fewUnread is how many errors are worth a look through all.
const fewUnread = 128

// KeepUnread has an error reported, unless somebody reads it: at the end of the loop,
// or earlier, when many wait and nobody holds this one any more. look returns the
// error as long as nobody has read it, then nil; held says whether somebody still
// could.
func (s *Site) KeepUnread(look func() (held bool, err error)) {
	s.unread.all = append(s.unread.all, look)
	if len(s.unread.all) >= s.unread.patience {
		s.sweepUnread()
	}
}

// Unread is how many errors are kept, some of which may have been read since.
func (s *Site) Unread() int { return len(s.unread.all) }

// sweepUnread forgets what was read and reports what is lost: a server whose requests
// fail must not collect their errors for ever. What others hold costs them more than
// it costs the loop.
func (s *Site) sweepUnread() {
	var lost, kept []func() (bool, error)
	for _, look := range s.unread.all {
		switch held, err := look(); {
		case err == nil:
		case held:
			kept = append(kept, look)
		default:
			lost = append(lost, look)
		}
	}
	s.unread.all = kept
	s.unread.patience = max(fewUnread, 2*len(kept)) // so each is looked at a few times, not each time
	s.report(lost)                                  // at last: the handler may leave more behind
}

// reportUnread reports all that are left: it is the end.
func (s *Site) reportUnread() {
	all := s.unread.all
	s.unread.all = nil
	s.report(all)
}

func (s *Site) report(all []func() (bool, error)) {
	for _, look := range all {
		if _, err := look(); err != nil {
			s.loop.Report("error was never read", err)
		}
	}
}
