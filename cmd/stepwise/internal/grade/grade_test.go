package grade

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/box"
	"stepwise/cmd/stepwise/internal/gradebook"
	"stepwise/pkg/lesson"
)

// newGrader grades lesson 09 alone, set apart if this machine can do that.
func newGrader(t *testing.T) *Grader {
	t.Helper()
	dir, err := filepath.Abs(course)
	require.NoError(t, err)
	g, err := New(t.Context(), Options{Course: dir, Lessons: []lesson.Lesson{lesson.Send}, Limit: time.Minute, Unwalled: box.Available(t.Context()) != nil})
	require.NoError(t, err)
	return g
}

// solution is the course's own for lesson 09, with a line changed.
func solution(t *testing.T, old, new string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(course, "solutions/09_send/send.go"))
	require.NoError(t, err)
	require.Contains(t, string(text), old)
	return strings.Replace(string(text), old, new, 1)
}

const body = "func Send(yield coro.Yield, s *sock.Socket, data []byte) error {\n"

// Whatever is handed in, it is a line of the table.
func TestWhatIsHandedIn(t *testing.T) {
	g := newGrader(t)
	stub, err := os.ReadFile(filepath.Join(course, "exercises/09_send/send.go"))
	require.NoError(t, err)
	add := func(more string) string { return solution(t, body, body+more) }
	importing := func(path, more string) string {
		return strings.Replace(add(more), "import (", "import (\n\t\""+path+"\"", 1)
	}
	cases := []struct {
		name  string
		files map[string]string
		state gradebook.State
		says  string
	}{
		{"a solution", map[string]string{"send.go": solution(t, "", "")}, gradebook.Solved, ""},
		{"a solution in two files", map[string]string{"a.go": solution(t, body, body+"\tsent()\n"), "b.go": "package send\n\nfunc sent() {}\n"}, gradebook.Solved, ""},
		{"the stub", map[string]string{"send.go": string(stub)}, gradebook.NotStarted, ""},
		{"a wrong one", map[string]string{"send.go": solution(t, "data = data[n:]", "_, data = n, nil")}, gradebook.Begun, "your send"},
		{"nothing", map[string]string{"README.md": "later"}, gradebook.Missing, ""},
		{"tests of their own, which pass", map[string]string{"send.go": string(stub), "send_test.go": "package send\n\nimport \"testing\"\n\nfunc TestSend(t *testing.T) {}\n"}, gradebook.NotStarted, ""},
		{"no Go", map[string]string{"send.go": "not go"}, gradebook.Broken, "send.go:1:1"},
		{"what doesn't compile", map[string]string{"send.go": add("\tx := 1\n")}, gradebook.Broken, "send.go:15:2: declared and not used: x"},
		{"a function less", map[string]string{"send.go": "package send\n"}, gradebook.Broken, "undefined: Send"},
		{"a loop", map[string]string{"send.go": add("\tfor {\n\t}\n")}, gradebook.Begun, ""},
		{"a loop before everything", map[string]string{"send.go": solution(t, "", "") + "\nfunc init() {\n\tfor {\n\t}\n}\n"}, gradebook.Stopped, "it ran longer than 1s"},
		{"an end before the verdict", map[string]string{"send.go": importing("log", "\tlog.Fatal(\"PASS\")\n")}, gradebook.Stopped, "status 1 before the verdict, and said: "},
		{"a panic in a goroutine", map[string]string{"send.go": add("\tgo panic(\"boom\")\n")}, gradebook.Stopped, "and said: panic: boom"},
		{"all the memory", map[string]string{"send.go": solution(t, "", "") + "\nvar all = func() (all [][]byte) {\n\tfor {\n\t\tall = append(all, make([]byte, 1<<20))\n\t\tclear(all[len(all)-1])\n\t}\n}()\n"}, gradebook.Stopped, "too much memory"},
		{"a gigabyte of words", map[string]string{"send.go": importing("fmt", "\tfor {\n\t\tfmt.Println(\"--- PASS: TestSend\", data)\n\t}\n")}, gradebook.Stopped, "it printed more than"},
		{"a program that is started", map[string]string{"send.go": importing("os/exec", "\t_ = exec.Command(\"sh\").Start()\n")}, gradebook.Refused, "it imports os/exec"},
		{"a fork", map[string]string{"send.go": add("\tunix.Syscall(unix.SYS_FORK, 0, 0, 0)\n")}, gradebook.Refused, "unix.Syscall"},
		{"files until the disk is full", map[string]string{"send.go": importing("os", "\t_ = os.WriteFile(\"x\", data, 0o600)\n")}, gradebook.Refused, "os.WriteFile"},
		{"others' files", map[string]string{"send.go": importing("os", "\tdata, _ = os.ReadFile(\"/etc/passwd\")\n")}, gradebook.Refused, "os.ReadFile"},
		{"a judge that is changed", map[string]string{"send.go": importing("stepwise/pkg/lesson", "\tlesson.Send.Cases = nil\n")}, gradebook.Refused, "lesson.Send"},
		{"a judge that is reached", map[string]string{"send.go": importing("unsafe", "\t_ = unsafe.Pointer(s)\n")}, gradebook.Refused, "unsafe"},
		{"assembly", map[string]string{"send.go": solution(t, body, "func never()\n\n"+body), "never.s": "TEXT ·never(SB),0,$0\n"}, gradebook.Broken, "missing function body"},
		{"C", map[string]string{"send.go": importing("C", "")}, gradebook.Refused, "it imports C"},
		{"a file that is too long", map[string]string{"send.go": solution(t, "", "") + strings.Repeat("//\n", 1<<19)}, gradebook.Refused, "longer than 1024 KiB"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			dir := filepath.Join(folder, "exercises", "09_send")
			require.NoError(t, os.MkdirAll(dir, 0o755))
			for name, text := range c.files {
				require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
			}
			g.limit = time.Minute
			if strings.HasPrefix(c.name, "a loop before") {
				g.limit = time.Second
			}
			book, err := g.Grade(t.Context(), []Learner{{Name: "x", Folder: folder}})
			require.NoError(t, err)
			require.Len(t, book.Entries, 1)
			e := book.Entries[0]
			require.Equal(t, c.state, e.State, e.Says)
			require.Contains(t, e.Says, c.says)
			require.Equal(t, len(lesson.Send.Cases), e.Of)
			require.Equal(t, c.state == gradebook.Solved, e.Passed == e.Of)
		})
	}
}

func TestFoldersThatMislead(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.go")
	require.NoError(t, os.WriteFile(secret, []byte("package secret"), 0o600))
	cases := []struct {
		name string
		make func(t *testing.T, dir string)
		says string
	}{
		{"a link to another's file", func(t *testing.T, dir string) { require.NoError(t, os.Symlink(secret, dir+"/send.go")) }, "send.go: it is not a plain file"},
		{"a pipe that nobody writes", func(t *testing.T, dir string) { require.NoError(t, syscall.Mkfifo(dir+"/send.go", 0o600)) }, "send.go: it is not a plain file"},
		{"a folder called like a file", func(t *testing.T, dir string) { require.NoError(t, os.Mkdir(dir+"/send.go", 0o700)) }, "send.go: it is not a plain file"},
		{"files without end", func(t *testing.T, dir string) {
			for i := range mostFiles + 1 {
				require.NoError(t, os.WriteFile(filepath.Join(dir, strings.Repeat("x", i+1)+".go"), nil, 0o600))
			}
		}, "more than 20 files"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			dir := filepath.Join(folder, "09_send")
			require.NoError(t, os.Mkdir(dir, 0o755))
			c.make(t, dir)
			_, err := take(folder, lesson.Send)
			require.ErrorContains(t, err, c.says)
		})
	}
	t.Run("files that are too long together", func(t *testing.T) {
		folder := t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(folder, "09_send"), 0o755))
		write := func(name string, size int) {
			require.NoError(t, os.WriteFile(filepath.Join(folder, "09_send", name), make([]byte, size), 0o600))
		}
		write("a.go", mostBytes-1)
		write("b.go", 1)
		_, err := take(folder, lesson.Send)
		require.NoError(t, err)
		write("b.go", 2)
		_, err = take(folder, lesson.Send)
		require.ErrorContains(t, err, "b.go: the exercise is longer than 1024 KiB")
	})
	t.Run("an exercise that is a link to another one", func(t *testing.T) {
		folder := t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(folder, "10_read"), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "10_read", "a.go"), nil, 0o600))
		require.NoError(t, os.Symlink("10_read", filepath.Join(folder, "09_send")))
		_, err := take(folder, lesson.Send)
		require.ErrorIs(t, err, errMissing)
	})
	t.Run("an exercise that is a link", func(t *testing.T) {
		folder := t.TempDir()
		require.NoError(t, os.Symlink(filepath.Dir(secret), filepath.Join(folder, "09_send")))
		_, err := take(folder, lesson.Send)
		require.ErrorIs(t, err, errMissing)
	})
}

func TestFindLearners(t *testing.T) {
	class := t.TempDir()
	for _, dir := range []string{"a/alice/exercises/09_send", "b/alice/09_send", "bob/09_send", "empty"} {
		require.NoError(t, os.MkdirAll(filepath.Join(class, dir), 0o755))
	}
	names := func(dirs ...string) (all []string, err error) {
		for i, dir := range dirs {
			dirs[i] = filepath.Join(class, dir)
		}
		found, err := FindLearners(dirs, true)
		for _, l := range found {
			all = append(all, l.Name)
		}
		return all, err
	}
	all, err := names("bob", "a/alice")
	require.NoError(t, err)
	require.Equal(t, []string{"bob", "alice"}, all)
	all, err = names("a/alice", "b/alice", "bob/")
	require.NoError(t, err)
	require.Equal(t, []string{"a/alice", "b/alice", "bob"}, all)
	all, err = names("bob", "bob")
	require.NoError(t, err)
	require.Equal(t, []string{"bob"}, all, "the same folder twice is one learner")
	all, err = names("bob", "empty", "nobody")
	require.ErrorContains(t, err, "empty: there is no exercise in it, such as exercises/01_blocking")
	require.ErrorContains(t, err, "nobody: no such file or directory")
	require.Equal(t, []string{"bob"}, all)
	found, err := FindLearners([]string{filepath.Join(class, "empty")}, false)
	require.NoError(t, err, "nothing is judged")
	require.Equal(t, "empty", found[0].Name)
}

// The same files are judged once.
func TestWhatIsTheSameIsJudgedOnce(t *testing.T) {
	g := newGrader(t)
	class := t.TempDir()
	var learners []Learner
	for _, name := range []string{"alice", "bob"} {
		dir := filepath.Join(class, name, "09_send")
		require.NoError(t, os.MkdirAll(dir, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "send.go"), []byte("package send\n\nfunc {"), 0o644))
		learners = append(learners, Learner{name, filepath.Join(class, name)})
	}
	book, err := g.Grade(t.Context(), learners)
	require.NoError(t, err)
	require.Len(t, g.known, 1)
	require.Equal(t, []string{"alice", "bob"}, book.Learners())
}
