// Package lab starts Jupyter on a folder of notebooks and ends it again.
//
// Jupyter comes in three forms whose options and addresses differ: Notebook 6
// ("classic"), Notebook 7, and Lab. Server hides which one it is:
//
//	err := server.Run(ctx, func(url string) { fmt.Println("open", url) })
//
// Run returns when ctx or Jupyter ends; Jupyter's kernels have then ended too.
package lab

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"stepwise/cmd/stepwise/internal/child"
	"stepwise/cmd/stepwise/internal/setup"
)

var (
	// ErrPort says that the requested port can't be used.
	ErrPort = errors.New("can't listen there: choose another with --port N")
	// ErrSilent says that Jupyter started but doesn't answer.
	ErrSilent = errors.New("started Jupyter, but it doesn't answer")
)

// patience is how long Jupyter may take to answer for the first time. Lab can take
// 20 s with a cold disk.
const patience = 90 * time.Second

// start runs the module that its first argument names, as python -m does, but doesn't
// look for it in the current folder: that is the lessons' folder, where a reader may
// have put a file that somebody sent.
const start = setup.ElsewhereOnly + `import runpy; runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)`

// quiet turns off a warning of Python's debugger about itself.
const quiet = "PYDEVD_DISABLE_FILE_VALIDATION=1"

// Server describes a Jupyter to start.
type Server struct {
	Jupyter *setup.Jupyter
	Env     []string // JUPYTER_PATH
	Dir     string   // the folder that it shows
	File    string   // the notebook in Dir that it opens; "" for the folder
	Port    int
	Token   string // anybody who knows it may run code here
	Browser bool   // whether Jupyter opens one
	Out     io.Writer
}

// NewToken returns the token that the environment sets for all of a user's Jupyters,
// or makes one.
func NewToken() string {
	if token := os.Getenv("JUPYTER_TOKEN"); token != "" {
		return token
	}
	return rand.Text()
}

// ChoosePort returns wanted if it is free, and otherwise an error that wraps ErrPort.
// If wanted is negative, it returns the first free port of a few from the default
// on; if wanted is 0, the system chooses.
func ChoosePort(wanted int) (int, error) {
	var err error
	for _, port := range ports(wanted) {
		var l net.Listener
		if l, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			defer l.Close()
			return l.Addr().(*net.TCPAddr).Port, nil
		}
	}
	return 0, fmt.Errorf("port %d: %w (%w)", max(0, wanted), ErrPort, err)
}

// ports lists what ChoosePort tries, in order.
func ports(wanted int) (all []int) {
	if wanted >= 0 {
		return []int{wanted}
	}
	for n := range 20 {
		all = append(all, setup.DefaultPort+n)
	}
	return append(all, 0)
}

// URL returns the address to open, with the token.
func (s Server) URL() string {
	return fmt.Sprintf("http://127.0.0.1:%d%s?token=%s", s.Port, s.page(), s.Token)
}

// page returns the path of the address, which depends on the form of Jupyter.
func (s Server) page() string {
	lab := s.Jupyter.Front() == "jupyterlab"
	switch {
	case lab && s.File != "":
		return "/lab/tree/" + s.File
	case lab:
		return "/lab"
	case s.File != "":
		return "/notebooks/" + s.File
	}
	return "/tree"
}

// arguments returns Python's arguments. The token isn't among them, because every
// user of the machine can read them.
func (s Server) arguments() []string {
	server := "ServerApp"
	page := map[bool]string{true: "LabApp", false: "JupyterNotebookApp"}[s.Jupyter.Front() == "jupyterlab"]
	root := "root_dir"
	if s.Jupyter.Classic() {
		server, page, root = "NotebookApp", "NotebookApp", "notebook_dir"
	}
	args := []string{"-c", start, s.Jupyter.Front(), "--ip=127.0.0.1", "--port=" + strconv.Itoa(s.Port), "--log-level=ERROR",
		"--" + server + ".port_retries=0", // only this port is the one that we print
		"--" + server + "." + root + "=" + s.Dir,
		"--" + page + ".default_url=" + s.page(),
	}
	if !s.Browser {
		args = append(args, "--no-browser")
	}
	if os.Geteuid() == 0 {
		args = append(args, "--allow-root")
	}
	return args
}

// Run starts Jupyter, calls ready with its address once it answers, and returns when
// it has ended. It returns nil if ctx ended it, or the reader did with Jupyter's own
// button, and an error if Jupyter could not start or failed.
func (s Server) Run(ctx context.Context, ready func(url string)) error {
	running, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ended := make(chan error, 1)
	go func() {
		ended <- child.Run(running, child.Program{Name: s.Jupyter.Python, Args: s.arguments(), Dir: s.Dir,
			Env: append([]string{"JUPYTER_TOKEN=" + s.Token, quiet}, s.Env...), Out: s.Out})
	}()
	err := s.await(running, ended)
	if err == nil {
		ready(s.URL())
		err = <-ended
	} else if errors.Is(err, ErrSilent) {
		stop(err)
		<-ended
		return err
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// await returns nil once the server answers, or an error that says why it never
// will. ended brings the error that Jupyter ended with.
func (s Server) await(ctx context.Context, ended <-chan error) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(patience)
	for {
		select {
		case err := <-ended:
			if err == nil {
				err = errors.New("starting Jupyter: it ended before it answered")
			}
			return err
		case <-limit:
			return fmt.Errorf("%w at port %d within %v", ErrSilent, s.Port, patience)
		case <-tick.C:
			if answers(ctx, s.Port) {
				return nil
			}
		}
	}
}

func answers(ctx context.Context, port int) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/api", port), nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}
