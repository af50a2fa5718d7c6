package display

import (
	"crypto/rand"
	"fmt"
	"sync/atomic"
)

// A Screen is where things are shown: a notebook, or a terminal.
type Screen interface {
	Show(data Data) error   // below what is there
	Update(data Data) error // in the place of what has the same display_id
}

// SetScreen sets the Screen on which everything is shown. The program that runs cells
// calls it once, before the first.
func SetScreen(s Screen) { screen.Store(&s) }

var screen atomic.Pointer[Screen]

// terminal is the Screen if none is set: it has only text.
type terminal struct{}

func (terminal) Show(data Data) error {
	_, err := fmt.Println(data.Data[MIMETypeText])
	return err
}

func (t terminal) Update(data Data) error { return t.Show(data) }

func current() Screen {
	if s := screen.Load(); s != nil {
		return *s
	}
	return terminal{}
}

// Show shows data at once, in the middle of a cell. Any goroutine may call it; it
// appears under the latest cell.
func Show(data Data) error { return current().Show(data) }

// An Updatable is shown once and then changed in place: a progress bar, an animation.
// Any goroutine may update it, even after its cell has ended.
type Updatable struct{ id string }

// NewUpdatable shows data, to be changed later.
func NewUpdatable(data Data) (*Updatable, error) {
	u := &Updatable{rand.Text()} // not a count: an earlier kernel's pictures may still be on the page
	return u, current().Show(u.mark(data))
}

// Update shows data in the place of what was there.
func (u *Updatable) Update(data Data) error { return current().Update(u.mark(data)) }

// mark names data, without changing the caller's map.
func (u *Updatable) mark(data Data) Data {
	transient := MIMEMap{"display_id": u.id}
	for key, value := range data.Transient {
		if key != "display_id" {
			transient[key] = value
		}
	}
	data.Transient = transient
	return data
}
