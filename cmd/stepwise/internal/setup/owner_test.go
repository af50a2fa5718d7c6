package setup

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const me, other = 1000, 12345

// pretend returns a reader with that uid who owns everything except what the map names,
// by paths below dir.
func pretend(t *testing.T, uid uint32, dir string, owners map[string]uint32) reader {
	t.Helper()
	byFile := make(map[uint64]uint32)
	for name, owner := range owners {
		info, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name)))
		require.NoError(t, err)
		byFile[info.Sys().(*syscall.Stat_t).Ino] = owner
	}
	return reader{uid: uid, owner: func(info fs.FileInfo) uint32 {
		if owner, named := byFile[info.Sys().(*syscall.Stat_t).Ino]; named {
			return owner
		}
		return uid
	}}
}

// house makes a course with everything that its commands run.
func house(t *testing.T) Course {
	t.Helper()
	c := clone(t)
	for _, name := range onTheWay {
		switch filepath.Base(name) {
		case "go.mod": // clone has made it
		case "go.sum", "python", "stepwise-kernel", "stepwise-play", "kernel.json":
			write(t, c, name, "")
		default:
			require.NoError(t, os.MkdirAll(filepath.Join(c.Dir, name), 0o755))
		}
	}
	require.NoError(t, os.MkdirAll(filepath.Join(c.Dir, "pkg", "loop"), 0o755))
	return c
}

func TestACourseOfSomebodyElse(t *testing.T) {
	cases := []struct {
		name    string
		uid     uint32
		sudo    string
		owners  map[string]uint32
		refused string // the path, below the course; "": it is taken
	}{
		{"all is mine", me, "", nil, ""},
		{"all is root's, as in an image", me, "", map[string]uint32{".": 0, "go.mod": 0, "notebooks": 0, ".stepwise": 0}, ""},
		{"it is somebody else's", me, "", map[string]uint32{".": other}, "."},
		{"its go.mod is", me, "", map[string]uint32{"go.mod": other}, "go.mod"},
		{"what it was set up with is", me, "", map[string]uint32{".stepwise": other}, ".stepwise"},
		{"a folder on the way to the Python is", me, "", map[string]uint32{".stepwise/venv": other}, ".stepwise/venv"},
		{"the Python is", me, "", map[string]uint32{".stepwise/venv/bin/python": other}, ".stepwise/venv/bin/python"},
		{"the kernel is", me, "", map[string]uint32{".stepwise/bin/stepwise-kernel": other}, ".stepwise/bin/stepwise-kernel"},
		{"what starts the kernel is", me, "", map[string]uint32{".stepwise/share/jupyter/kernels/gophernotes/kernel.json": other}, ".stepwise/share/jupyter/kernels/gophernotes/kernel.json"},
		{"its packages are", me, "", map[string]uint32{"pkg": other}, "pkg"},
		{"its lessons are", me, "", map[string]uint32{"notebooks": other}, "notebooks"},
		{"root, in somebody's course", 0, "", map[string]uint32{".": other}, "."},
		{"root by sudo, in their own", 0, "12345", map[string]uint32{".": other, "go.mod": other}, ""},
		{"root by sudo, in a third one's", 0, "1000", map[string]uint32{".": other}, "."},
		{"somebody with SUDO_UID who is not root", me, "12345", map[string]uint32{".": other}, "."},
		{"a sudo without a number", 0, "", map[string]uint32{".stepwise": other}, ".stepwise"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			course := house(t)
			r := pretend(t, c.uid, course.Dir, c.owners)
			r.sudo = c.sudo
			found, err := r.find(filepath.Join(course.Dir, "pkg", "loop"), nil)
			if c.refused == "" {
				require.NoError(t, err)
				assert.Equal(t, course, found)
				return
			}
			var foreign *ForeignError
			require.ErrorAs(t, err, &foreign)
			assert.Equal(t, course.Dir, foreign.Course)
			assert.Equal(t, filepath.Join(course.Dir, filepath.FromSlash(c.refused)), foreign.Path)
			assert.Contains(t, foreign.Why, "uid 12345")
			assert.ErrorContains(t, err, strconv.Quote(foreign.Path))
		})
	}
}

func TestWhatEverybodyMayWriteTo(t *testing.T) {
	cases := []struct {
		name    string
		path    string
		mode    fs.FileMode
		owner   uint32
		refused bool
	}{
		{"mine alone", ".", 0o755, me, false},
		{"mine and my group's", ".", 0o775, me, false},
		{"mine, on a disk without owners", ".", 0o777, me, false},
		{"mine, and made for everybody", ".", 0o777 | fs.ModeSticky, me, true},
		{"root's", ".", 0o755, 0, false},
		{"root's and its group's", ".", 0o775, 0, false},
		{"root's, and made for everybody", ".", 0o777 | fs.ModeSticky, 0, true},
		{"root's, and left open", ".", 0o777, 0, true},
		{"a file of mine, on a disk without owners", "go.mod", 0o666, me, false},
		{"a file of root's", "go.mod", 0o644, 0, false},
		{"a file of root's, left open", "go.mod", 0o666, 0, true},
		{"a folder inside, left open by root", ".stepwise/venv/bin", 0o777, 0, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			course := house(t)
			path := filepath.Join(course.Dir, filepath.FromSlash(c.path))
			require.NoError(t, os.Chmod(path, c.mode))
			_, err := pretend(t, me, course.Dir, map[string]uint32{c.path: c.owner}).find(course.Dir, nil)
			if !c.refused {
				require.NoError(t, err)
				return
			}
			var foreign *ForeignError
			require.ErrorAs(t, err, &foreign)
			assert.Equal(t, path, foreign.Path)
			assert.Contains(t, foreign.Why, "everybody")
		})
	}
}

func TestLinksOnTheWay(t *testing.T) {
	cases := []struct {
		name, link, target string
		owners             map[string]uint32
		refused            bool
	}{
		{"my link to a folder of mine", ".stepwise", "mine", nil, false},
		{"my link to somebody's folder", ".stepwise", "theirs", map[string]uint32{"../theirs": other}, true},
		{"somebody's link to a folder of mine", ".stepwise", "mine", map[string]uint32{".stepwise": other}, true},
		{"root's link to a folder of mine", ".stepwise", "mine", map[string]uint32{".stepwise": 0}, false},
		{"my link to nothing", ".stepwise", "none", nil, false},
		{"my link to a Python of another program's", ".stepwise/venv/bin/python", "theirs", map[string]uint32{"../theirs": other}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			above, err := filepath.EvalSymlinks(t.TempDir())
			require.NoError(t, err)
			course := Course{Dir: filepath.Join(above, "course")}
			write(t, course, "go.mod", "module stepwise\n")
			for _, name := range []string{"mine", "theirs"} {
				require.NoError(t, os.Mkdir(filepath.Join(above, name), 0o755))
			}
			link := filepath.Join(course.Dir, filepath.FromSlash(c.link))
			require.NoError(t, os.MkdirAll(filepath.Dir(link), 0o755))
			require.NoError(t, os.Symlink(filepath.Join(above, c.target), link))
			_, err = pretend(t, me, course.Dir, c.owners).find(course.Dir, nil)
			assert.Equal(t, c.refused, err != nil, "%v", err)
		})
	}
}

// The go command looks for a go.work in all folders above, whoever put it there.
func TestSomebodysWorkspaceAboveTheCourse(t *testing.T) {
	above, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	course := Course{Dir: filepath.Join(above, "a", "course")}
	write(t, course, "go.mod", "module stepwise\n")
	work := filepath.Join(above, "go.work")
	require.NoError(t, os.WriteFile(work, nil, 0o644))
	find := func(owner uint32) error {
		_, err := pretend(t, me, above, map[string]uint32{"go.work": owner}).find(course.Dir, nil)
		return err
	}
	t.Setenv("GOWORK", "")
	require.NoError(t, find(me))
	var foreign *ForeignError
	require.ErrorAs(t, find(other), &foreign)
	assert.Equal(t, work, foreign.Path)
	t.Setenv("GOWORK", "off")
	require.NoError(t, find(other), "go doesn't look for it")
}

func TestASafeDirectory(t *testing.T) {
	course := house(t)
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(course.Dir, link))
	t.Chdir(course.Dir)
	cases := []struct {
		name  string
		safe  []string
		taken bool
	}{
		{"none", nil, false},
		{"an empty variable is not the current folder", []string{""}, false},
		{"another one", []string{t.TempDir()}, false},
		{"one that is not there", []string{"/no/such"}, false},
		{"the folder above", []string{filepath.Dir(course.Dir)}, false},
		{"a folder in it", []string{filepath.Join(course.Dir, "pkg")}, false},
		{"the course", []string{course.Dir}, true},
		{"the course, relative", []string{"."}, true},
		{"the course, by a link", []string{link}, true},
		{"the course, the second of two", []string{t.TempDir(), course.Dir}, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := pretend(t, me, course.Dir, map[string]uint32{".": other}).find("pkg", c.safe)
			assert.Equal(t, c.taken, err == nil, "%v", err)
		})
	}
}

// In a folder above, go.mod may be anything.
func TestWhatIsNoGoMod(t *testing.T) {
	cases := []struct {
		name string
		lay  func(path string) error
	}{
		{"a folder", func(path string) error { return os.Mkdir(path, 0o755) }},
		{"a pipe", func(path string) error { return syscall.Mkfifo(path, 0o644) }},
		{"a pipe that somebody holds open", func(path string) error {
			if err := syscall.Mkfifo(path, 0o644); err != nil {
				return err
			}
			held, err := os.OpenFile(path, os.O_RDWR, 0)
			if err == nil {
				t.Cleanup(func() { held.Close() })
			}
			return err
		}},
		{"a device without end", func(path string) error { return os.Symlink("/dev/zero", path) }},
		{"a file of any size", func(path string) error {
			if err := os.WriteFile(path, []byte("module stepwise\n"), 0o644); err != nil {
				return err
			}
			return os.Truncate(path, 1<<40)
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			course := clone(t)
			sub := filepath.Join(course.Dir, "sub")
			require.NoError(t, os.Mkdir(sub, 0o755))
			require.NoError(t, c.lay(filepath.Join(sub, "go.mod")))
			found, err := Find(sub)
			require.NoError(t, err)
			assert.Equal(t, course, found, "the one above it")
		})
	}
}

// The names come from whoever put the course there.
func TestARefusalMovesNoCursor(t *testing.T) {
	err := &ForeignError{Course: "/tmp/\x1b[2J", Path: "/tmp/\x1b[2J/go.mod", Why: "belongs to " + name(other)}
	assert.NotContains(t, err.Error(), "\x1b")
}

// The system's own answer, which the other tests replace.
func TestOwnerIsTheSystems(t *testing.T) {
	course := clone(t)
	r := thisReader()
	assert.Empty(t, r.suspects(course.Dir))
	info, err := os.Stat(course.Dir)
	require.NoError(t, err)
	assert.Equal(t, uint32(os.Geteuid()), r.owner(info))
	if os.Geteuid() != 0 {
		return // nobody else can give a file away
	}
	require.NoError(t, os.Chown(filepath.Join(course.Dir, "go.mod"), other, other))
	_, err = Find(course.Dir)
	var foreign *ForeignError
	require.ErrorAs(t, err, &foreign)
	t.Setenv("SUDO_UID", "12345")
	_, err = Find(course.Dir)
	require.NoError(t, err)
}
