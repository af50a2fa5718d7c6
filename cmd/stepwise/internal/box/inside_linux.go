package box

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"
)

// Enter makes this process the first one of a box, if it was started for that, and then never
// returns. Call it first of all in main, and in TestMain.
func Enter() {
	spec, inside := os.LookupEnv(inBox)
	if !inside {
		return
	}
	_ = json.NewEncoder(os.NewFile(answerFD, "answer")).Encode(live(spec))
	os.Exit(0)
}

// live does everything that happens inside, on one thread, since capabilities and tracing
// belong to threads.
func live(spec string) answer {
	runtime.LockOSThread()
	var p Program
	if err := json.Unmarshal([]byte(spec), &p); err != nil {
		return answer{Trouble: err.Error()}
	}
	if err := keepDescriptors(); err != nil {
		return answer{Trouble: err.Error()}
	}
	switch {
	case p.Walls == Apart:
		if err := setApart(&p); err != nil {
			return answer{Trouble: err.Error(), Apart: true}
		}
	case p.Walls == Nobody && os.Getuid() == 0:
		if err := becomeNobody(); err != nil {
			return answer{Trouble: err.Error()}
		}
	}
	if slices.Equal(p.Args, []string{onlyTry}) {
		return answer{}
	}
	a, err := runTraced(p)
	if err != nil {
		return answer{Trouble: err.Error()}
	}
	if p.Result != "" {
		a.Result = result(filepath.Join(p.Dir, p.Result))
	}
	return a
}

// keepDescriptors closes all descriptors from 3 on in the programs that this process starts.
// Some are this process's own, and others come from the program that started stepwise.
func keepDescriptors() error {
	if err := unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		return fmt.Errorf("keep our descriptors to ourselves: %w", err)
	}
	return nil
}

// becomeNobody makes this process nobody's, and with it the program that it starts. It can't
// set the limits of another user's process.
func becomeNobody() error {
	err := errors.Join(syscall.Setgroups(nil), syscall.Setgid(nobody), syscall.Setuid(nobody))
	if err == nil {
		err = unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0) // it is lost with the user
	}
	if err != nil {
		return fmt.Errorf("become nobody: %w", err)
	}
	return nil
}

// setApart takes the machine's files and every capability from this process, and starts the
// loopback of its own network. It changes p to where its program lies afterwards.
func setApart(p *Program) error {
	steps := []struct {
		what string
		do   func() error
	}{
		{"keep our mounts to ourselves", func() error { return unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "") }},
		{"make a root in memory", func() error { return newRoot(p.Limits.Files) }},
		{"start the loopback", startLoopback},
		{"bring the program in", bringIn},
		{"leave the old root", leaveOldRoot},
		{"name the host", func() error { return unix.Sethostname([]byte("box")) }},
		{"drop all capabilities", dropCapabilities},
	}
	for _, s := range steps {
		if err := s.do(); err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
	}
	p.File, p.Dir = "/program", "/work"
	return nil
}

// root is where the new root grows: a folder that every system has, and everybody may enter.
const root = "/tmp"

// room is what the program itself and our few files may take in memory.
const room = 64 << 20

func newRoot(files int64) error {
	size := ""
	if files > 0 {
		size = fmt.Sprintf("size=%d,nr_inodes=10000,", files+room)
	}
	if err := unix.Mount("box", root, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, size+"mode=755"); err != nil {
		return err
	}
	for _, dir := range []string{"proc", "work", "old", "etc", "dev"} {
		if err := os.Mkdir(filepath.Join(root, dir), 0o755); err != nil {
			return err
		}
	}
	err := errors.Join(
		os.Symlink("work", root+"/tmp"),
		os.Symlink("/proc/self/fd", root+"/dev/fd"),
		os.WriteFile(root+"/etc/hosts", []byte("127.0.0.1 localhost\n"), 0o644),
		os.WriteFile(root+"/dev/null", nil, 0o666),
	)
	if err != nil {
		return err
	}
	if err := unix.Mount("/dev/null", root+"/dev/null", "", unix.MS_BIND, ""); err != nil {
		return err
	}
	return unix.Mount("proc", root+"/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "")
}

func startLoopback() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	lo.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	return unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, lo)
}

func bringIn() error {
	to, err := os.OpenFile(root+"/program", os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, os.NewFile(programFD, "program"))
	return errors.Join(err, to.Close())
}

func leaveOldRoot() error {
	if err := unix.PivotRoot(root, root+"/old"); err != nil {
		return err
	}
	if err := unix.Chdir("/"); err != nil {
		return err
	}
	if err := unix.Unmount("/old", unix.MNT_DETACH); err != nil {
		return err
	}
	return os.Remove("/old")
}

// dropCapabilities empties the bounding set of this thread, so that no program which it starts
// has any capability: not even root's gets one back.
func dropCapabilities() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	for capability := uintptr(0); ; capability++ {
		err := unix.Prctl(unix.PR_CAPBSET_DROP, capability, 0, 0, 0)
		if errors.Is(err, unix.EINVAL) && capability > unix.CAP_SYS_RESOURCE {
			return nil // the kernel knows no further one
		}
		if err != nil {
			return err
		}
	}
}

// runTraced starts the program stopped, gives it its limits, and lets it go. The limits would
// bind this process too if it took them itself, and it may need more.
func runTraced(p Program) (answer, error) {
	cmd := exec.Command(p.File, p.Args...)
	cmd.Env, cmd.Dir = p.Env, p.Dir
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return answer{}, err
	}
	pid := cmd.Process.Pid
	var status unix.WaitStatus
	_, err := unix.Wait4(pid, &status, 0, nil)
	for _, l := range limits(p) {
		if err == nil && l.most > 0 {
			err = unix.Prlimit(pid, l.resource, &unix.Rlimit{Cur: uint64(l.most), Max: uint64(l.most)}, nil)
		}
	}
	if err = errors.Join(err, unix.PtraceDetach(pid)); err != nil {
		_ = cmd.Process.Kill()
		return answer{}, errors.Join(err, cmd.Wait())
	}
	return ended(cmd.Wait())
}

type limit struct {
	resource int
	most     int64
}

func limits(p Program) []limit {
	all := []limit{
		{unix.RLIMIT_CPU, int64((p.Limits.CPU + 999_999_999) / 1_000_000_000)},
		{unix.RLIMIT_DATA, p.Limits.Memory},
		{unix.RLIMIT_FSIZE, p.Limits.Files},
	}
	if p.Walls == Apart {
		all = append(all, limit{unix.RLIMIT_NPROC, int64(p.Limits.Processes)})
	}
	return all
}

func ended(err error) (answer, error) {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return answer{}, nil
	case !errors.As(err, &exit):
		return answer{}, err
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return answer{Status: -1, Why: fmt.Sprintf("ended by the signal %v", status.Signal())}, nil
	}
	return answer{Status: exit.ExitCode()}, nil
}

// result reads a file that the program may have made to mislead us: only a plain one, and not
// a long one.
func result(path string) []byte {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() || info.Size() > keptResult {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(f, keptResult))
	if err != nil {
		return nil
	}
	return text
}
