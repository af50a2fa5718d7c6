package site

// Errors that nobody reads. An error is reported as lost only when nobody can read it
// any more: a task that fails may be asked an hour later, by code that gathers it with
// a thousand others.

// unread holds the errors that may not have been read.
type unread struct {
	all      []func() (held bool, err error)
	patience int // how many are kept before they are looked through
}

// fewUnread is how many errors are worth a look through all.
const fewUnread = 128

// KeepUnread has an error reported unless it is read: when the loop ends, or earlier,
// if many errors are kept and nobody holds this one any more. look returns the error
// until it has been read, then nil; held says whether anybody still could read it.
func (s *Site) KeepUnread(look func() (held bool, err error)) {
	s.unread.all = append(s.unread.all, look)
	if len(s.unread.all) >= s.unread.patience {
		s.sweepUnread()
	}
}

// sweepUnread forgets errors that were read and reports those that are lost: a server
// whose requests fail must not collect their errors forever. An error that is still
// held costs its holder more than it costs the loop.
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
	s.unread.patience = max(fewUnread, 2*len(kept)) // so that each is looked at a few times, not every time
	s.report(lost)                                  // last: the handler may leave more behind
}

// reportUnread reports all that are left, when the loop ends.
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
