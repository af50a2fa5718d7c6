package draw

// What the tests of this package stand on; read it first.

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
	"stepwise/pkg/trace"
)

// world is a loop without a kernel. Its clock advances while it sleeps, and by a
// microsecond each time it is read. Descriptor 7 brings one of pieces at a time, 1 ms
// after the loop begins to wait for it.
type world struct {
	*loop.Loop
	now     time.Duration
	pieces  []string
	outside func() // called once, while the loop sleeps; may be nil
}

func (w *world) Now() time.Duration {
	w.now += time.Microsecond
	return w.now
}

// connect makes the selector and the calls answer as w does.
func (w *world) connect(fake *selector.Fake, calls *sys.Calls) {
	fake.Sleep = func(d time.Duration) {
		if call := w.outside; call != nil {
			w.outside = nil
			call()
			return
		}
		if d < 0 {
			d = time.Millisecond
			fake.SetReady(7, selector.Read)
		}
		w.now += d
	}
	calls.Recv = func(fd int, p []byte) (int, error) {
		fake.SetReady(7, 0)
		if len(w.pieces) == 0 {
			return 0, nil
		}
		n := copy(p, w.pieces[0])
		w.pieces = w.pieces[1:]
		return n, nil
	}
}

// record runs body in a world, and returns what happened until it was done.
func record(t testing.TB, pieces []string, body func(yield coro.Yield, w *world) (any, error)) *Recording {
	w, fake, r, calls := &world{pieces: pieces}, selector.NewFake(), trace.NewRecorder(0), sys.Kernel
	w.connect(fake, &calls)
	l, err := loop.New(loop.Options{Selector: fake, Clock: w, Calls: &calls, Probe: r})
	require.NoError(t, err)
	w.Loop = l
	l.SetExceptionHandler(func(loop.Exception) {})
	value, err := task.Run(l, func(yield coro.Yield) (any, error) { return body(yield, w) })
	done := Of(r)
	done.Value, done.Err = value, err
	require.NoError(t, l.Close())
	return done
}

// The functions of lesson 11, as in its notebook.

func fetch(yield coro.Yield, l *loop.Loop, fd int) (any, error) {
	defer l.Site().Enter("fetch")()
	all, err := readAll(yield, l, fd)
	return string(all), err
}

func readAll(yield coro.Yield, l *loop.Loop, fd int) ([]byte, error) {
	defer l.Site().Enter("read_all")()
	var all []byte
	for {
		chunk, err := read(yield, l, fd)
		if err != nil || len(chunk) == 0 {
			return all, err
		}
		all = append(all, chunk...)
	}
}

func read(yield coro.Yield, l *loop.Loop, fd int) ([]byte, error) {
	defer l.Site().Enter("read")()
	f := future.NewOf[[]byte](l)
	if err := l.AddReader(fd, func() { receive(l, fd, f) }); err != nil {
		return nil, err
	}
	defer l.RemoveReader(fd)
	return task.AwaitAs(yield, f)
}

func receive(l *loop.Loop, fd int, f future.Of[[]byte]) {
	defer l.Site().Enter("receive")()
	l.RemoveReader(fd)
	p := make([]byte, 4096)
	n, err := l.Calls().Recv(fd, p)
	if err != nil {
		_ = f.SetError(err)
		return
	}
	_ = f.SetResult(p[:n])
}

// fetchFake is fetch of a world's descriptor.
func fetchFake(yield coro.Yield, w *world) (any, error) { return fetch(yield, w.Loop, 7) }

// rest waits for d, as a sleep does.
func rest(yield coro.Yield, w *world, d time.Duration) error {
	f := future.New(w.Loop)
	w.CallLater(d, func() { _ = f.SetResult(nil) })
	_, err := task.Await(yield, f)
	return err
}

// spawnAll spawns n tasks and awaits them all.
func spawnAll(yield coro.Yield, w *world, n int, body func(i int) coro.Body) (any, error) {
	var tasks []*task.Task
	for i := range n {
		tasks = append(tasks, task.Spawn(w.Loop, body(i)))
	}
	for _, t := range tasks {
		if _, err := task.Await(yield, t); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

var errOops = errors.New("oops")

// scenes are runs under a fake clock that a reader may want to see.
var scenes = []struct {
	name   string
	pieces []string
	body   func(yield coro.Yield, w *world) (any, error)
}{
	{"lesson_11", []string{"an ", "answer"}, fetchFake},
	{"nothing_to_wait_for", nil, func(coro.Yield, *world) (any, error) { return 42, nil }},
	{"five_at_once", nil, func(yield coro.Yield, w *world) (any, error) {
		return spawnAll(yield, w, 5, func(int) coro.Body {
			return func(yield coro.Yield) (any, error) { return nil, rest(yield, w, 100*time.Millisecond) }
		})
	}},
	{"five_that_block", nil, func(yield coro.Yield, w *world) (any, error) {
		return spawnAll(yield, w, 5, func(int) coro.Body {
			return func(coro.Yield) (any, error) { w.now += 100 * time.Millisecond; return nil, nil }
		})
	}},
	{"canceled_in_mid_read", nil, func(yield coro.Yield, w *world) (any, error) {
		t := task.Spawn(w.Loop, func(yield coro.Yield) (any, error) { return read(yield, w.Loop, 7) })
		if err := task.Checkpoint(yield); err != nil {
			return nil, err
		}
		t.Cancel()
		_, err := task.Await(yield, t)
		return nil, fmt.Errorf("it was %w", err)
	}},
	{"set_twice", nil, func(yield coro.Yield, w *world) (any, error) {
		f := future.New(w.Loop)
		w.CallSoon(func() { _ = f.SetResult("first"); _ = f.SetResult("second"); f.Cancel() })
		return task.Await(yield, f)
	}},
	{"a_panic_and_an_error", nil, func(yield coro.Yield, w *world) (any, error) {
		t := task.Spawn(w.Loop, func(coro.Yield) (any, error) { panic("bang") })
		_, err := task.Await(yield, t)
		return nil, fmt.Errorf("%w: %w", errOops, err)
	}},
	{"taking_turns", nil, func(yield coro.Yield, w *world) (any, error) {
		return spawnAll(yield, w, 2, func(int) coro.Body {
			return func(yield coro.Yield) (any, error) {
				for range 3 {
					if err := task.Checkpoint(yield); err != nil {
						return nil, err
					}
				}
				return nil, nil
			}
		})
	}},
	{"waiting_for_each_other", nil, func(yield coro.Yield, w *world) (any, error) {
		var deeper func(n int) coro.Body
		deeper = func(n int) coro.Body {
			return func(yield coro.Yield) (any, error) {
				if n == 0 {
					return "the bottom", rest(yield, w, time.Millisecond)
				}
				return task.Await(yield, task.Spawn(w.Loop, deeper(n-1)))
			}
		}
		return deeper(3)(yield)
	}},
	{"a_call_from_outside", nil, func(yield coro.Yield, w *world) (any, error) {
		f := future.New(w.Loop)
		release := w.Hold()
		defer release()
		call := func() { _ = f.SetResult("from outside") }
		w.outside = func() { _ = w.CallSoonThreadsafe(call) }
		w.Site().Note("now we wait")
		return task.Await(yield, f)
	}},
	{"ready_again_and_again", nil, func(yield coro.Yield, w *world) (any, error) {
		f := future.New(w.Loop)
		err := w.AddReader(7, func() {
			if !f.Done() { // else select only says once more what nobody has changed
				_ = f.SetResult("once")
			}
		})
		if err != nil {
			return nil, err
		}
		defer w.RemoveReader(7)
		return task.Await(yield, f)
	}},
	{"too_long_for_a_picture", slicesOf("x", 60), fetchFake},
	{"too_many_tasks", nil, func(yield coro.Yield, w *world) (any, error) {
		return spawnAll(yield, w, 60, func(i int) coro.Body {
			return func(yield coro.Yield) (any, error) {
				return nil, rest(yield, w, time.Duration(i)*time.Millisecond)
			}
		})
	}},
}

func slicesOf(s string, n int) []string { return strings.Split(strings.Repeat(s+" ", n-1)+s, " ") }

// pictures returns all pictures of a recording.
func pictures(r *Recording) map[string]*Picture {
	walk := Step(r)
	return map[string]*Picture{
		"sequence": r.Sequence(), "timeline": r.Timeline(), "order": r.TimelineInOrder(),
		"future": r.Future(0), "futures": r.Futures(), "tree": r.Tree(),
		"first step": walk.Forward(), "last step": walk.To(walk.Len()),
	}
}

// element is what the tests need to know about an element of an SVG.
type element struct {
	name, class, text string
	attr              map[string]string
}

func (e element) num(t testing.TB, name string) int {
	n, err := strconv.Atoi(e.attr[name])
	require.NoError(t, err, "%s of %v", name, e)
	return n
}

// parse reads an SVG strictly. The text of an element doesn't include its tooltip.
func parse(t testing.TB, svg string) []element {
	d := xml.NewDecoder(strings.NewReader(svg))
	var all []element
	var open []int
	for {
		token, err := d.Token()
		if err == io.EOF {
			require.Empty(t, open)
			return all
		}
		require.NoError(t, err, "%s", svg)
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attr: map[string]string{}}
			for _, a := range token.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			e.class = e.attr["class"]
			open = append(open, len(all))
			all = append(all, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				all[open[len(open)-1]].text += string(token)
			}
		}
	}
}

// checkPicture is the code of these formulas:
//
//	the SVG is well-formed, has role, title and desc, and no id
//	each text is within the picture, and no two texts overlap
//	the text twin has a title, and none of its lines ends in a space
//	what Jupyter shows has all of this: see checkHTML
func checkPicture(t testing.TB, name string, p *Picture) {
	all := parse(t, p.SVG())
	require.Equal(t, "svg", all[0].name, name)
	require.Equal(t, "img", all[0].attr["role"], name)
	require.Equal(t, "title", all[1].name, name)
	require.NotEmpty(t, strings.TrimSpace(all[1].text), name)
	require.Equal(t, "desc", all[2].name, name)
	require.NotEmpty(t, all[2].text, name)
	var boxes []box
	for _, e := range all {
		require.NotContains(t, e.attr, "id", name)
		if e.name == "text" {
			boxes = append(boxes, boxOf(t, e))
		}
	}
	high := all[0].num(t, "height")
	for i, b := range boxes {
		require.True(t, b.left >= 0 && b.right <= width && b.top >= 0 && b.bottom <= high, "%s: %v is outside of %d x %d", name, b, width, high)
		for _, other := range boxes[:i] {
			meet := b.left < other.right && other.left < b.right && b.top < other.bottom && other.top < b.bottom
			require.False(t, meet, "%s: %v meets %v", name, b, other)
		}
	}
	require.NotEmpty(t, strings.TrimSpace(p.String()), name)
	require.Equal(t, p.SVG(), p.SimpleRender()["image/svg+xml"])
	require.Equal(t, p.String(), p.SimpleRender()["text/plain"])
	checkHTML(t, name, p, all[1].text, all[2].text)
}

// checkHTML is the code of: Jupyter shows an image, which is the SVG, has the title and the
// description as its alternative text, and has the text twin below it; and nothing of it
// can run.
func checkHTML(t testing.TB, name string, p *Picture, title, desc string) {
	shown := parse(t, "<div>"+p.SimpleRender()["text/html"].(string)+"</div>")
	var names []string
	for _, e := range shown {
		names = append(names, e.name)
	}
	require.Equal(t, []string{"div", "style", "img", "details", "summary", "pre"}, names, name)
	img := shown[2].attr
	svg, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(img["src"], "data:image/svg+xml;base64,"))
	require.NoError(t, err, name)
	require.Equal(t, p.SVG(), string(svg), name)
	require.True(t, strings.HasPrefix(img["alt"], title+". ") && strings.HasPrefix(desc, strings.TrimPrefix(img["alt"], title+". ")), "%s: %q", name, img["alt"])
	require.Len(t, img, 4, name) // with class and style
	require.Equal(t, p.String(), shown[5].text, name)
}

type box struct {
	text                     string
	left, right, top, bottom int
}

// boxOf returns the place of a text whose letters are as wide as a letter can be.
func boxOf(t testing.TB, e element) box {
	x, y, wide := e.num(t, "x"), e.num(t, "y"), charWide*cells(e.text)
	switch e.attr["text-anchor"] {
	case "middle":
		x -= wide / 2
	case "end":
		x -= wide
	}
	return box{e.text, x, x + wide, y - 11, y + 3}
}
