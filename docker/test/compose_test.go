package test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A project is a `docker compose` project with a name, port and volume of its own.
type project struct {
	t    *testing.T
	name string
	env  []string
	args []string
	port int
}

// quietPort is a free port below those that the kernel hands out: no other process is given
// it before the engine listens there.
func quietPort() int {
	for {
		port := 20_000 + rand.IntN(10_000)
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			_ = l.Close()
			return port
		}
	}
}

func newProject(t *testing.T, name string, env ...string) *project {
	t.Helper()
	port := quietPort()
	p := &project{t: t, name: fmt.Sprintf("%s-%d", name, port), port: port}
	p.args = []string{"compose", "-p", p.name, "-f", filepath.Join(clone(t), "docker/compose.yaml")}
	p.env = append(os.Environ(), append([]string{fmt.Sprintf("STEPWISE_PORT=%d", port), "STEPWISE_IMAGE=" + image()}, env...)...)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(p.try("logs", "--no-color"))
		}
		p.try("down", "--volumes", "--timeout", "5")
	})
	return p
}

func (p *project) try(args ...string) (string, error) {
	cmd := exec.Command("docker", append(append([]string{}, p.args...), args...)...)
	cmd.Env = p.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (p *project) must(args ...string) string {
	p.t.Helper()
	out, err := p.try(args...)
	require.NoError(p.t, err, "docker compose %s\n%s", strings.Join(args, " "), out)
	return out
}

// up starts the course and returns the container, ready.
func (p *project) up() *container {
	p.t.Helper()
	p.must("up", "--detach", "--no-build")
	c := &container{t: p.t, id: strings.TrimSpace(p.must("ps", "--quiet", "course")), url: fmt.Sprintf("http://127.0.0.1:%d", p.port)}
	c.token = c.ready()
	return c
}

// TestCompose does what a learner does: up, work, down, a newer image, up again.
func TestCompose(t *testing.T) {
	p := newProject(t, "stepwise-test")
	c := p.up()
	assert.Contains(t, c.log(), fmt.Sprintf("http://127.0.0.1:%d/lab/tree/notebooks/00-start-here.ipynb?token=%s", p.port, c.token))
	assert.Regexp(t, `^[0-9a-f]{48}$`, c.token, "a token that can be guessed")
	assert.Contains(t, c.log(), "The course was copied into")
	status, _ := c.call("GET", "/api/status", nil, nil)
	assert.Equal(t, 200, status)
	status, _ = (&container{t: t, url: c.url, token: "wrong"}).call("GET", "/api/status", nil, nil)
	assert.Equal(t, 403, status, "it lets in everybody")
	until(t, "the container is healthy", func() bool { return c.state("Health.Status") == "healthy" })

	c.must("echo edited > notebooks/09-send.ipynb && rm notebooks/10-read.ipynb && echo mine > mine.txt")
	p.must("down")
	first := c.token
	c = p.up()
	assert.NotEqual(t, first, c.token, "the token is the same at every start")
	assert.Equal(t, "edited\nmine\n", c.must("cat notebooks/09-send.ipynb mine.txt"))
	c.must("test ! -e notebooks/10-read.ipynb")
	assert.NotContains(t, c.log(), "newer course")
	p.must("down")

	// A newer image: the same one, with one more lesson and another 09.
	newer := "stepwise-test-newer:" + fmt.Sprint(p.port)
	r := dockerIn(t, "FROM "+image()+"\nUSER root\nRUN cd /opt/stepwise/course && echo newer > notebooks/09-send.ipynb && echo 99 > notebooks/99-new.ipynb && echo 11 > notebooks/11-read-all.ipynb\nUSER jovyan\n",
		"build", "--tag", newer, "-")
	require.Zero(t, r.status, r.stderr)
	t.Cleanup(func() { docker(t, "image", "rm", "--force", newer) })
	p.env = append(p.env, "STEPWISE_IMAGE="+newer)
	c = p.up()
	assert.Contains(t, c.log(), "This image has a newer course, different in 3 files")
	_, lab := c.call("GET", "/lab", nil, nil)
	assert.Contains(t, lab, "This image has a newer course, different in 3 files", "Lab doesn't know it")
	assert.Equal(t, "edited\n", c.must("cat notebooks/09-send.ipynb"), "a start has overwritten the learner's work")
	out := c.must("stepwise update")
	assert.Regexp(t, `yours\s+notebooks/09-send.ipynb: .* yours is now notebooks/09-send.yours-\d{4}-\d\d-\d\d.ipynb`, out)
	assert.Regexp(t, `new\s+notebooks/99-new.ipynb\n`, out)
	assert.Regexp(t, `renewed\s+notebooks/11-read-all.ipynb\n`, out)
	assert.Equal(t, "newer\nedited\n99\n11\n", c.must("cat notebooks/09-send.ipynb notebooks/09-send.yours-* notebooks/99* notebooks/11*"))
	c.must("test ! -e notebooks/10-read.ipynb")
}

func TestComposeWithATokenAndAFolder(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.Chown(folder, 4321, 100))
	p := newProject(t, "stepwise-test", "JUPYTER_TOKEN=chosen-by-me", "STEPWISE_WORK="+folder, "NB_UID=4321")
	c := p.up()
	assert.Equal(t, "chosen-by-me", c.token)
	c.must("echo edited > mine.txt")
	info, err := os.Stat(filepath.Join(folder, "notebooks", "09-send.ipynb"))
	require.NoError(t, err)
	assert.NotZero(t, info.Size())
	require.FileExists(t, filepath.Join(folder, "mine.txt"))
}

// TestComposeIsHardened checks that compose.yaml has the options that the other
// tests use.
func TestComposeIsHardened(t *testing.T) {
	p := newProject(t, "stepwise-test")
	var config struct {
		Services map[string]struct {
			ReadOnly    bool     `json:"read_only"`
			CapDrop     []string `json:"cap_drop"`
			SecurityOpt []string `json:"security_opt"`
			Pids        int      `json:"pids_limit"`
			Memory      string   `json:"mem_limit"`
			Swap        string   `json:"memswap_limit"`
			Tmpfs       []string
			Privileged  bool
			Ports       []struct {
				HostIP string `json:"host_ip"`
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(p.must("config", "--format", "json")), &config))
	s := config.Services["course"]
	assert.True(t, s.ReadOnly)
	assert.False(t, s.Privileged)
	got := []string{"--read-only", "--tmpfs", s.Tmpfs[0], "--tmpfs", s.Tmpfs[1], "--cap-drop", strings.Join(s.CapDrop, ","),
		"--security-opt", strings.Join(s.SecurityOpt, ","), "--pids-limit", fmt.Sprint(s.Pids), "--memory", "1500m", "--memory-swap", "1500m"}
	assert.Equal(t, hardened, got)
	assert.Equal(t, []string{"1572864000", "1572864000"}, []string{s.Memory, s.Swap}, "1500m")
	for _, port := range s.Ports {
		assert.Equal(t, "127.0.0.1", port.HostIP)
	}
}
