// Command hostile does one thing that a program in a box should not be able to do, or be
// stopped at. It prints "done" if it could.
package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	do, arg := os.Args[1], ""
	if len(os.Args) > 2 {
		arg = os.Args[2]
	}
	if err := deeds[do](arg); err != nil {
		fmt.Println(err)
		os.Exit(3)
	}
	fmt.Println("done")
}

var deeds = map[string]func(arg string) error{
	"nothing": func(string) error { return os.WriteFile("result", []byte("fine"), 0o600) },
	"read":    func(path string) error { _, err := os.ReadFile(path); return err },
	"write":   func(path string) error { return os.WriteFile(path, nil, 0o600) },
	"list": func(dir string) error {
		entries, err := os.ReadDir(dir)
		for _, e := range entries {
			fmt.Print(e.Name(), " ")
		}
		return err
	},
	"dial": func(address string) error { _, err := net.Dial("tcp", address); return err },
	"loopback": func(string) error {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		_, err = net.Dial("tcp", l.Addr().String())
		return err
	},
	"kill": func(pid string) error {
		n, err := strconv.Atoi(pid)
		if err != nil {
			return err
		}
		return syscall.Kill(n, syscall.SIGKILL)
	},
	"be":    func(string) error { return syscall.Setuid(1) },
	"mount": func(string) error { return syscall.Mount("x", "/work", "tmpfs", 0, "") },
	"raise": func(string) error {
		return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 40, Max: 1 << 40})
	},
	"loop": func(string) error {
		for {
		}
	},
	"sleep": func(string) error { time.Sleep(time.Hour); return nil },
	"eat": func(string) error {
		var all [][]byte
		for {
			all = append(all, bytes.Repeat([]byte{1}, 16<<20))
			runtime.KeepAlive(all)
		}
	},
	"print": func(string) error {
		line := bytes.Repeat([]byte("x"), 1<<16)
		for {
			os.Stdout.Write(line)
		}
	},
	"fill": func(string) error {
		for i := 0; ; i++ {
			if err := os.WriteFile(fmt.Sprint("f", i), make([]byte, 1<<20), 0o600); err != nil {
				return err
			}
		}
	},
	"long file": func(string) error {
		f, err := os.Create("long")
		for err == nil {
			_, err = f.Write(make([]byte, 1<<20))
		}
		return err
	},
	"many files": func(string) error {
		for i := 0; ; i++ {
			if err := os.WriteFile(fmt.Sprint("f", i), nil, 0o600); err != nil {
				return err
			}
		}
	},
	"fork": func(string) error {
		for {
			if err := exec.Command("/proc/self/exe", "sleep").Start(); err != nil {
				return err
			}
		}
	},
	"leave behind": func(string) error {
		cmd := exec.Command("/proc/self/exe", "sleep")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		cmd.Stdout = os.Stdout
		return cmd.Start()
	},
	"link":   func(to string) error { return os.Symlink(to, "result") },
	"fifo":   func(string) error { return syscall.Mkfifo("result", 0o600) },
	"folder": func(string) error { return os.Mkdir("result", 0o700) },
	"long":   func(string) error { return os.WriteFile("result", make([]byte, 2<<20), 0o600) },
	"who": func(string) error {
		status, err := os.ReadFile("/proc/self/status")
		for line := range strings.Lines(string(status)) {
			if strings.HasPrefix(line, "Cap") || strings.HasPrefix(line, "NoNewPrivs") {
				fmt.Print(strings.Join(strings.Fields(line), " "), "\n")
			}
		}
		return err
	},
	"descriptors": func(string) error {
		for fd := 3; fd < 100; fd++ {
			var s syscall.Stat_t
			if syscall.Fstat(fd, &s) == nil && s.Mode&syscall.S_IFMT != 0 {
				name, _ := os.Readlink(fmt.Sprint("/proc/self/fd/", fd))
				if !strings.HasPrefix(name, "anon_inode:") {
					return fmt.Errorf("%d is %s", fd, name)
				}
			}
		}
		return nil
	},
}
