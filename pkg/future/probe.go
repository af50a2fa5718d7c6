package future

import "weak"

// What a Future tells the Site of its loop: that it failed, in case the error is never
// read; and, if the loop is watched, everything that happens to it.

func (f *Future) tellMade() {
	if e := f.site.Events(); e != nil {
		e.Made(f)
	}
}

func (f *Future) tellNamed() {
	if e := f.site.Events(); e != nil {
		e.Named(f, f.name)
	}
}

func (f *Future) tellAwaits(fn func()) {
	if e := f.site.Events(); e != nil {
		e.Awaits(f, fn)
	}
}

func (f *Future) tellRefused(op string) {
	if e := f.site.Events(); e != nil {
		e.Refused(f, op)
	}
}

func (f *Future) tellDone() {
	if e := f.site.Events(); e != nil {
		e.Done(f, f.state, f.value, f.err)
	}
}

// unread is an error that has not been read yet. It outlives its Future, and knows when
// the Future is gone: nobody can read the error then.
type unread struct {
	err    error // and where the Future was made, if that is known; nil once it was read
	future weak.Pointer[Future]
}

func (u *unread) look() (held bool, err error) { return u.future.Value() != nil, u.err }

// keepUnread tells the loop of an error that may never be read.
func (f *Future) keepUnread() {
	if f.site != nil {
		f.unread = &unread{f.site.Origin(f, f.err), weak.Make(f)}
		f.site.KeepUnread(f.unread.look)
	}
}

// tellRead says that the result was read.
func (f *Future) tellRead() {
	if f.unread != nil {
		f.unread.err, f.unread = nil, nil
	}
	if e := f.site.Events(); e != nil {
		e.Read(f)
	}
}
