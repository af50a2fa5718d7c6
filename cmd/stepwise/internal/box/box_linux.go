package box

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"stepwise/cmd/stepwise/internal/child"
)

// inBox is the variable of the environment that makes this program the first process of a box.
// It holds a Program.
const inBox = "STEPWISE_BOX"

// The descriptors that the first process finds beside its three streams.
const (
	programFD = 3 // the executable, open to be read, since a box has none of the machine's files
	answerFD  = 4 // a pipe for its answer
)

// answer is what the first process says of the program.
type answer struct {
	Trouble string // why the program could not be run; "" if it ran
	Apart   bool   // the trouble is in setting it apart
	Status  int
	Why     string
	Result  []byte
}

const nobody = 65534

func start(ctx context.Context, p Program, out io.Writer) (End, error) {
	file, err := filepath.Abs(p.File)
	if err != nil {
		return End{}, err
	}
	p.File = file
	executable, err := os.Open(file)
	if err != nil {
		return End{}, err
	}
	defer executable.Close()
	spec, err := json.Marshal(p)
	if err != nil {
		return End{}, err
	}
	from, to, err := os.Pipe()
	if err != nil {
		return End{}, err
	}
	defer from.Close()
	read := make(chan []byte, 1)
	go func() {
		text, _ := io.ReadAll(io.LimitReader(from, 2*keptResult))
		read <- text
	}()
	err = child.Run(ctx, child.Program{Name: "/proc/self/exe", Env: []string{inBox + "=" + string(spec)}, Out: out,
		Files: []*os.File{executable, to}, Attributes: attributes(p.Walls)})
	_ = to.Close()
	text := <-read
	return understand(text, err)
}

// attributes put the first process of an Apart program into namespaces of its own, in which it
// is root; outside it is nobody, or the user if that isn't root.
func attributes(walls Walls) func(*syscall.SysProcAttr) {
	return func(a *syscall.SysProcAttr) {
		a.Pdeathsig = syscall.SIGKILL
		if walls != Apart {
			return
		}
		a.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWNS | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS
		uid, gid := os.Getuid(), os.Getgid()
		if uid == 0 {
			uid, gid = nobody, nobody
			a.Credential = &syscall.Credential{}
			a.GidMappingsEnableSetgroups = true
		}
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: gid, Size: 1}}
	}
}

// understand makes an End of what the first process said, or of how it failed.
func understand(text []byte, failed error) (End, error) {
	var a answer
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&a); err != nil {
		if failed == nil {
			failed = fmt.Errorf("it gave no answer: %w", err)
		}
		if errors.Is(failed, syscall.EPERM) || errors.Is(failed, syscall.ENOSPC) || errors.Is(failed, syscall.EINVAL) {
			failed = fmt.Errorf("%w: %w", ErrUnavailable, failed)
		}
		return End{Status: -1}, failed
	}
	if a.Trouble != "" {
		err := errors.New(a.Trouble)
		if a.Apart {
			err = fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
		return End{Status: -1}, err
	}
	return End{Status: a.Status, Why: a.Why, Result: a.Result}, nil
}

// available runs nothing in a box: the first process goes all the way to it and says that no
// program was named.
func available(ctx context.Context) error {
	_, err := Run(ctx, Program{File: "/proc/self/exe", Args: []string{onlyTry}, Walls: Apart, Limits: Limits{Wall: time.Minute, Output: keptOutput}})
	return err
}

// onlyTry is the argument of a program that is not to be started.
const onlyTry = "\x00only try"
