package grade

import (
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/lesson"
)

const course = "../../../.."

func TestWhatASubmissionMayUse(t *testing.T) {
	r, err := rulesOf(course, nil)
	require.NoError(t, err)
	cases := []struct {
		name, imports, body string
		want                string // part of the complaint; "" if it is allowed
	}{
		{"what computes", `"strings"; "slices"; "errors"`, `_ = slices.Max([]int{len(strings.Fields("a"))}); _ = errors.New("x")`, ""},
		{"the engine", `"stepwise/pkg/sock"; "stepwise/pkg/loop"`, `var l *loop.Loop; _ = l; _ = sock.FromFD`, ""},
		{"system calls on sockets", `"golang.org/x/sys/unix"`, `_, _ = unix.Read(3, nil); _ = unix.EAGAIN; _ = unix.EPOLLIN; var _ unix.SockaddrInet4`, ""},
		{"printing while it is written", `"fmt"; "os"`, `fmt.Fprintln(os.Stderr, "here")`, ""},
		{"an error of another package", `"os"; "net"; "syscall"`, `_ = os.ErrDeadlineExceeded; _ = net.ErrClosed; _ = syscall.EINTR`, ""},
		{"what the stub says", `"stepwise/pkg/lesson"`, `_ = lesson.ErrTODO`, ""},
		{"a variable called like a package", `"stepwise/pkg/loop"`, `var _ loop.Options; { loop := struct{ n int }{}; loop.n = 1; _ = &loop.n }`, ""},
		{"a field called like a package's variable", `"errors"`, `x := struct{ errors []int }{}; x.errors = nil; _ = errors.New`, ""},

		{"memory", `"unsafe"`, `var x int; _ = unsafe.Pointer(&x)`, "imports unsafe"},
		{"reflection", `"reflect"`, `_ = reflect.ValueOf`, "imports reflect"},
		{"processes", `"os/exec"`, `_ = exec.Command`, "imports os/exec"},
		{"files", `"os"`, `_, _ = os.ReadFile("x")`, "uses os.ReadFile"},
		{"the arguments", `"os"`, `_ = os.Args`, "uses os.Args"},
		{"its exit", `"os"`, `os.Exit(0)`, "uses os.Exit"},
		{"files, by a system call", `"golang.org/x/sys/unix"`, `_, _ = unix.Open("x", 0, 0)`, "uses golang.org/x/sys/unix.Open"},
		{"any system call", `"golang.org/x/sys/unix"`, `_, _, _ = unix.Syscall(1, 2, 3, 4)`, "uses golang.org/x/sys/unix.Syscall"},
		{"its own memory, by a system call", `"golang.org/x/sys/unix"`, `_, _ = unix.ProcessVMWritev(1, nil, nil, 0)`, "ProcessVMWritev"},
		{"a package under another name", `x "golang.org/x/sys/unix"`, `_ = x.Kill`, "uses golang.org/x/sys/unix.Kill"},
		{"a package without its name", `. "golang.org/x/sys/unix"`, `_ = Kill`, "as ."},
		{"a package for its effects", `_ "golang.org/x/sys/unix"`, ``, "as _"},
		{"the judge", `"stepwise/pkg/trial"`, `_ = trial.Must`, "trial"},
		{"the judge's table", `"stepwise/pkg/lesson"`, `_ = lesson.Send`, "uses stepwise/pkg/lesson.Send"},
		{"the judge's list", `"stepwise/pkg/lesson"`, `lesson.All()[0].Cases[0].Run = nil`, "uses stepwise/pkg/lesson.All"},
		{"the judge's door", `"stepwise/exercises/judge"`, `_ = judge.Run`, "imports stepwise/exercises/judge"},
		{"the tests", `"testing"`, `_ = testing.Short`, "imports testing"},
		{"the flags", `"flag"`, `_ = flag.Args`, "imports flag"},
		{"an error that is another one", `"io"`, `io.EOF = nil`, "changes io.EOF"},
		{"the address of a variable", `"io"`, `p := &io.EOF; *p = nil`, "changes io.EOF"},
		{"a variable in a list", `"io"`, `var n int; n, io.EOF = 1, nil; _ = n`, "changes io.EOF"},
		{"a variable of a loop", `"io"`, `for _, io.EOF = range []error{nil} {}`, "changes io.EOF"},
		{"a variable in brackets", `"io"`, `(io.EOF) = nil`, "changes io.EOF"},
		{"a variable as a loop's key", `"io"`, `for io.EOF = range map[error]int{} {}`, "changes io.EOF"},
		{"what a variable points to", `"stepwise/pkg/sock"`, `*sock.X = 1`, "changes stepwise/pkg/sock.X"},
		{"an element of a part", `"stepwise/pkg/sock"`, `sock.X[1:][0] = 1`, "changes stepwise/pkg/sock.X"},
		{"a name that begins like one that is allowed", `"golang.org/x/sys/unix"`, `_ = unix.ReadDirent`, "uses golang.org/x/sys/unix.ReadDirent"},
		{"the first of several", `"io"; "os"`, `os.Exit(0); io.EOF = nil`, "uses os.Exit"},
		{"a part of a variable", `"stepwise/pkg/sock"`, `sock.X.Y[3].Z++`, "changes stepwise/pkg/sock.X"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := r.check(submission{map[string]string{"send.go": "package send\n\nimport (" + c.imports + ")\n\nfunc f() { " + c.body + " }\n"}})
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "send.go:")
			require.False(t, isNotGo(err))
		})
	}
}

func TestDirectives(t *testing.T) {
	r, err := rulesOf(course, nil)
	require.NoError(t, err)
	for _, directive := range []string{"//go:linkname f runtime.f", "//go:embed secret", "//go:cgo_import_dynamic x"} {
		require.ErrorContains(t, r.check(submission{map[string]string{"a.go": "package send\n\n" + directive + "\nvar f string\n"}}), "a.go:3:1: it uses //go:")
	}
	require.NoError(t, r.check(submission{map[string]string{"a.go": "package send\n\n//go:noinline\nfunc f() {}\n"}}))
}

func TestWhatATeacherAllows(t *testing.T) {
	r, err := rulesOf(course, []string{"os", "net/http"})
	require.NoError(t, err)
	require.NoError(t, r.check(submission{map[string]string{"a.go": "package send\n\nimport (\"os\"; \"net/http\")\n\nvar _, _ = os.ReadFile, http.Get\n"}}))
}

func TestWhatIsNotGo(t *testing.T) {
	r, err := rulesOf(course, nil)
	require.NoError(t, err)
	err = r.check(submission{map[string]string{"send.go": "package send\n\nfunc {"}})
	require.True(t, isNotGo(err))
	require.ErrorContains(t, err, "send.go:3:6")
}

// What the course itself writes is what a learner may write.
func TestTheCourseIsAllowed(t *testing.T) {
	r, err := rulesOf(course, nil)
	require.NoError(t, err)
	for _, folder := range []string{"exercises", "solutions"} {
		for _, l := range lesson.All() {
			s, err := take(course+"/"+folder, l)
			require.NoError(t, err)
			require.NoError(t, r.check(s), "%s/%s", folder, l.Slug())
		}
	}
}
