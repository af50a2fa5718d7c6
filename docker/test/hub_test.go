package test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A class is a running Hub, and the teacher's token for it.
type class struct {
	t     *testing.T
	p     *project
	url   string
	token string
}

// newClass starts the Hub of compose.yaml for these learners.
func newClass(t *testing.T, learners string) *class {
	t.Helper()
	list := filepath.Join(t.TempDir(), "learners.txt")
	require.NoError(t, os.WriteFile(list, []byte(learners), 0o644))
	p := newProject(t, "stepwise-hub-test", "STEPWISE_LEARNERS="+list, "STEPWISE_HUB_TOKEN=token-of-the-test")
	p.env = append(p.env, fmt.Sprintf("STEPWISE_HUB_PORT=%d", p.port))
	p.args = append(p.args, "--profile", "hub")
	t.Cleanup(func() {
		prefix := p.name + "-class-"
		for _, id := range strings.Fields(must(t, "ps", "--all", "--quiet", "--filter", "name="+prefix)) {
			if t.Failed() {
				r := docker(t, "logs", id)
				t.Log(r.stdout + r.stderr)
			}
			must(t, "rm", "--force", id)
		}
		p.try("down")
		for _, network := range strings.Fields(must(t, "network", "ls", "--quiet", "--filter", "label=stepwise.class="+p.name+"-class")) {
			docker(t, "network", "rm", network)
		}
		for _, volume := range strings.Fields(must(t, "volume", "ls", "--quiet", "--filter", "name="+prefix)) {
			docker(t, "volume", "rm", volume)
		}
	})
	p.must("up", "--detach", "--no-build", "hub")
	id := strings.TrimSpace(p.must("ps", "--quiet", "hub"))
	hub := &container{t: t, id: id}
	until(t, "the Hub is healthy", func() bool { return hub.state("Health.Status") == "healthy" })
	return &class{t: t, p: p, url: fmt.Sprintf("http://127.0.0.1:%d", p.port), token: "token-of-the-test"}
}

// call sends a request with this token to the Hub, or through it to a learner's
// server.
func (c *class) call(token, method, path string, body, answer any) (int, string) {
	c.t.Helper()
	return (&container{t: c.t, url: c.url, token: token}).call(method, path, body, answer)
}

// try is call for a Hub that may not answer yet.
func (c *class) try(token, path string) (int, error) {
	request, err := http.NewRequest("GET", c.url+path, nil)
	require.NoError(c.t, err)
	request.Header.Set("Authorization", "token "+token)
	response, err := (&http.Client{Timeout: patience}).Do(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

// spawn starts a learner's server by the API and returns a token of that learner.
func (c *class) spawn(name string) (token string) {
	c.t.Helper()
	status, raw := c.call(c.token, "POST", "/hub/api/users/"+name+"/server", nil, nil)
	require.Contains(c.t, []int{201, 202}, status, raw)
	var made struct{ Token string }
	status, raw = c.call(c.token, "POST", "/hub/api/users/"+name+"/tokens", map[string]any{"note": "test"}, &made)
	require.Equal(c.t, 201, status, raw)
	return made.Token
}

// ready waits until a learner's server is ready.
func (c *class) ready(name string) {
	c.t.Helper()
	until(c.t, name+"'s server is ready", func() bool {
		var user struct {
			Servers map[string]struct{ Ready bool }
		}
		c.call(c.token, "GET", "/hub/api/users/"+name, nil, &user)
		return user.Servers[""].Ready
	})
}

// TestHub has two learners at work at once. Each tries to get at the other's work.
func TestHub(t *testing.T) {
	c := newClass(t, "alice\nbob # sits beside her\nali\nteacher admin\n")
	tokens := map[string]string{"alice": c.spawn("alice"), "bob": c.spawn("bob")}
	for name := range tokens {
		c.ready(name)
	}

	for name, token := range tokens {
		t.Run(name+" has the lessons and a kernel", func(t *testing.T) {
			status, raw := c.call(token, "GET", "/user/"+name+"/api/contents/notebooks/09-send.ipynb?content=0", nil, nil)
			assert.Equal(t, 200, status, raw)
			theirs := &container{t: t, url: c.url + "/user/" + name, token: token}
			k := theirs.kernel()
			assert.Equal(t, seen{status: "ok", text: name + "\n"}, k.run("import \"fmt\"\nfmt.Println(\""+name+"\")"))
			theirs.write("secret.ipynb", name)
		})
	}
	t.Run("neither sees the other's", func(t *testing.T) {
		for name, other := range map[string]string{"alice": "bob", "bob": "alice"} {
			for _, path := range []string{"/api/contents/secret.ipynb", "/api/kernels", "/api/sessions"} {
				status, _ := c.call(tokens[name], "GET", "/user/"+other+path, nil, nil)
				assert.Equal(t, 403, status, "%s reads %s of %s", name, path, other)
			}
			status, _ := c.call(tokens[name], "GET", "/hub/api/users/"+other, nil, nil)
			assert.Equal(t, 404, status, "%s asks the Hub about %s", name, other)
		}
	})
	t.Run("not past the Hub either", func(t *testing.T) { isolated(t, c, "alice", "bob", tokens["bob"]) })
	t.Run("a name that begins another's is another name", func(t *testing.T) {
		c.spawn("ali")
		c.ready("ali")
		status, raw := c.call(tokens["alice"], "GET", "/user/alice/api/contents/secret.ipynb?content=0", nil, nil)
		assert.Equal(t, 200, status, raw)
		for _, name := range []string{"ali", "alice"} {
			own := c.p.name + "-class-" + name
			assert.Equal(t, own, strings.TrimSpace(must(t, "inspect", "--format", "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}", own)))
		}
	})
	t.Run("learners run within the bounds of compose.yaml", func(t *testing.T) {
		var found []struct {
			HostConfig struct {
				ReadonlyRootfs       bool
				CapDrop, SecurityOpt []string
				PidsLimit, Memory    int64
				Tmpfs                map[string]string
			}
		}
		require.NoError(t, json.Unmarshal([]byte(must(t, "inspect", c.p.name+"-class-bob")), &found))
		h := found[0].HostConfig
		assert.True(t, h.ReadonlyRootfs)
		assert.Equal(t, []string{"ALL"}, h.CapDrop)
		assert.Equal(t, []string{"no-new-privileges"}, h.SecurityOpt)
		assert.Equal(t, []int64{256, 1500 << 20}, []int64{h.PidsLimit, h.Memory})
		for path, options := range h.Tmpfs {
			assert.Contains(t, hardened, path+":"+options)
		}
	})
	t.Run("a Hub that is made again finds them", func(t *testing.T) {
		c.p.must("up", "--detach", "--no-build", "--force-recreate", "hub")
		until(t, "the new Hub leads to alice's server", func() bool {
			status, err := c.try(tokens["alice"], "/user/alice/api/contents/secret.ipynb?content=0")
			return err == nil && status == 200
		})
	})
	t.Run("work outlives the server", func(t *testing.T) {
		status, raw := c.call(c.token, "DELETE", "/hub/api/users/alice/server", nil, nil)
		require.Contains(t, []int{202, 204}, status, raw)
		until(t, "her container is gone", func() bool { return docker(t, "inspect", c.p.name+"-class-alice").status != 0 })
		until(t, "her network is gone", func() bool { return docker(t, "network", "inspect", c.p.name+"-class-alice").status != 0 })
		until(t, "she may start again", func() bool {
			status, _ := c.call(c.token, "POST", "/hub/api/users/alice/server", nil, nil)
			return status == 201 || status == 202
		})
		c.ready("alice")
		status, raw = c.call(tokens["alice"], "GET", "/user/alice/api/contents/secret.ipynb?content=0", nil, nil)
		assert.Equal(t, 200, status, raw)
	})
	t.Run("by the login page, with the password that was made", func(t *testing.T) {
		assert.Equal(t, "/hub/login", c.login("bob", "wrong").Path)
		assert.Equal(t, "/hub/login", c.login("carol", "").Path)
		passwords := c.p.must("exec", "-T", "hub", "cat", "/srv/hub/passwords.txt")
		for _, line := range strings.Split(strings.TrimSpace(passwords), "\n") {
			if name, password, _ := strings.Cut(line, " "); name == "bob" {
				assert.Equal(t, "/user/bob/lab/tree/notebooks/00-start-here.ipynb", c.login(name, password).Path)
			}
		}
	})
}

// login fills in the Hub's form, as a browser does, and returns the address that it
// leads to.
func (c *class) login(name, password string) *url.URL {
	c.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(c.t, err)
	browser := &http.Client{Jar: jar, Timeout: patience}
	page, err := browser.Get(c.url + "/hub/login")
	require.NoError(c.t, err)
	content, err := io.ReadAll(page.Body)
	require.NoError(c.t, err)
	require.NoError(c.t, page.Body.Close())
	_, rest, found := bytes.Cut(content, []byte(`name="_xsrf" value="`))
	require.True(c.t, found, "the form has no _xsrf:\n%s", content)
	xsrf, _, _ := bytes.Cut(rest, []byte(`"`))
	answer, err := browser.PostForm(c.url+"/hub/login", url.Values{"username": {name}, "password": {password}, "_xsrf": {string(xsrf)}})
	require.NoError(c.t, err)
	require.NoError(c.t, answer.Body.Close())
	return answer.Request.URL
}
