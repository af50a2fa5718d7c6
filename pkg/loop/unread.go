package loop

// Errors that nobody reads. One is reported as lost only when nobody can read it any
// more, since a task that fails may be asked an hour later, by whoever gathers it
// with a thousand others.

// KeepUnread has an error reported to the exception handler, unless somebody reads
// it: at Close, or earlier, when many wait and nobody holds this one any more. unread
// returns the error as long as nobody has read it, then nil; held says whether
// somebody still could. Only the loop's goroutine may call it.
func (l *Loop) KeepUnread(unread func() (held bool, err error)) {
	l.unread = append(l.unread, unread)
	if len(l.unread) >= l.patience {
		l.sweepUnread()
	}
}

// sweepUnread forgets what was read and reports what is lost: a server whose requests
// fail must not collect their errors for ever. What others hold costs them more than
// it costs the loop.
func (l *Loop) sweepUnread() {
	var lost, kept []func() (bool, error)
	for _, unread := range l.unread {
		switch held, err := unread(); {
		case err == nil:
		case held:
			kept = append(kept, unread)
		default:
			lost = append(lost, unread)
		}
	}
	l.unread = kept
	l.patience = max(fewUnread, 2*len(kept)) // so each is looked at a few times, not each time
	l.reportUnread(lost)                     // at last: the handler may leave more behind
}

// fewUnread is how many errors are worth a look through all.
const fewUnread = 128

func (l *Loop) reportUnread(all []func() (bool, error)) {
	for _, unread := range all {
		if _, err := unread(); err != nil {
			l.CallExceptionHandler(Exception{"error was never read", err, nil})
		}
	}
}
