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
func newClass(t *testing.T, learners string, env ...string) *class {
	t.Helper()
	c, hub := beginClass(t, learners, env...)
	until(t, "the Hub is healthy", func() bool { return hub.state("Health.Status") == "healthy" })
	return c
}

// beginClass is newClass for a Hub that may refuse to start.
func beginClass(t *testing.T, learners string, env ...string) (*class, *container) {
	t.Helper()
	list := filepath.Join(t.TempDir(), "learners.txt")
	require.NoError(t, os.WriteFile(list, []byte(learners), 0o644))
	p := newProject(t, "stepwise-hub-test", "STEPWISE_LEARNERS="+list, "STEPWISE_HUB_TOKEN=token-of-the-test")
	p.env = append(append(p.env, fmt.Sprintf("STEPWISE_HUB_PORT=%d", p.port)), env...)
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
	return &class{t: t, p: p, url: fmt.Sprintf("http://127.0.0.1:%d", p.port), token: "token-of-the-test"}, &container{t: t, id: id}
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
		assert.Equal(t, "/user/bob/lab/tree/notebooks/00-start-here.ipynb", c.login("bob", c.password("bob")).Path)
	})
	t.Run("compose takes no learner's server for its own", func(t *testing.T) {
		assert.NotContains(t, c.p.must("ps", "--all", "--format", "{{.Name}}"), "-class-")
	})
	t.Run("its log says who came", func(t *testing.T) {
		log := c.p.must("logs", "--no-color", "hub")
		assert.Regexp(t, `User logged in: bob`, log)
		assert.Regexp(t, `User alice took [\d.]+ seconds to start`, log)
	})
	t.Run("without the teacher's page there is none", func(t *testing.T) {
		status, err := c.try(c.token, "/services/class/")
		require.NoError(t, err)
		assert.Equal(t, 404, status)
	})
}

// TestTheTeachersDay adds a learner, changes a password, looks at the table and starts a
// learner's lesson over, while the Hub runs. The solutions are withheld.
func TestTheTeachersDay(t *testing.T) {
	c := newClass(t, "bob\nteacher admin\n", "STEPWISE_TEACHERS_PAGE=yes", "STEPWISE_SOLUTIONS=withheld")
	bobs := c.spawn("bob")
	c.ready("bob")
	inBobs := func(command string) string {
		t.Helper()
		return must(t, "exec", c.p.name+"-class-bob", "bash", "-c", command)
	}
	t.Run("a learner is added", func(t *testing.T) {
		assert.Equal(t, "/hub/login", c.login("carol", "carols-password").Path)
		name, password, _ := strings.Cut(strings.TrimSpace(c.class("add", "carol")), " ")
		require.Equal(t, "carol", name)
		assert.Contains(t, c.login("carol", password).Path, "carol", "a new name needs no restart")
		assert.Contains(t, c.class("list"), "carol "+password)
	})
	t.Run("what can't be added", func(t *testing.T) {
		for _, name := range []string{"carol", "Carol", "a b", ""} {
			out, err := c.p.try("exec", "-T", "hub", "class", "add", name)
			assert.Error(t, err, out)
			assert.Contains(t, out, "class: ")
			assert.NotContains(t, out, "Traceback")
		}
	})
	t.Run("a password is changed", func(t *testing.T) {
		before := c.password("bob")
		assert.Equal(t, "bob a-new-password\n", c.class("password", "bob", "a-new-password"))
		assert.Equal(t, "/hub/login", c.login("bob", before).Path)
		assert.Equal(t, "/user/bob/lab/tree/notebooks/00-start-here.ipynb", c.login("bob", "a-new-password").Path)
		out, err := c.p.try("exec", "-T", "hub", "class", "password", "bob", "short")
		assert.Error(t, err)
		assert.Contains(t, out, "8 characters")
	})
	t.Run("the table", func(t *testing.T) {
		inBobs("cd ~/work && printf '2030-01-02T12:00:00Z\\t09_send\\t1\\t9\\twatch\\tW01\\tIt looks as if your send <b>ignores</b> the count.\\n' > progress.tsv")
		assert.Contains(t, c.class("progress"), "09_send, bob, 1 of 9: It looks as if your send <b>ignores</b> the count.")
		assert.Contains(t, c.class("progress", "--csv"), "bob,09_send,begun,1,9,")
		teacher, _ := c.browser("teacher", c.password("teacher"))
		page, err := teacher.Get(c.url + "/services/class/")
		require.NoError(t, err)
		text, err := io.ReadAll(page.Body)
		require.NoError(t, err)
		require.NoError(t, page.Body.Close())
		assert.Equal(t, 200, page.StatusCode, string(text))
		assert.Contains(t, string(text), `<th scope="row">bob</th>`)
		assert.Contains(t, string(text), "your send &lt;b&gt;ignores")
		assert.Contains(t, page.Header.Get("Content-Security-Policy"), "default-src 'none'")
	})
	t.Run("is not for learners", func(t *testing.T) {
		bob, _ := c.browser("bob", c.password("bob"))
		page, err := bob.Get(c.url + "/services/class/")
		require.NoError(t, err)
		text, err := io.ReadAll(page.Body)
		require.NoError(t, err)
		require.NoError(t, page.Body.Close())
		assert.Equal(t, 403, page.StatusCode)
		assert.NotContains(t, string(text), "09_send")
		status, err := c.try(bobs, "/services/class/")
		require.NoError(t, err)
		assert.Equal(t, 403, status)
	})
	t.Run("is announced to learners", func(t *testing.T) {
		_, lab := c.call(bobs, "GET", "/user/bob/lab", nil, nil)
		assert.Contains(t, lab, "Your teacher has a page that shows")
		assert.Contains(t, lab, "stepwise-notices")
	})
	t.Run("a learner's lesson starts over", func(t *testing.T) {
		inBobs("cd ~/work && echo mine > exercises/09_send/send.go")
		assert.Regexp(t, `exercises/09_send/send.go starts afresh; yours is exercises/09_send/send.go.yours-`, c.class("reset", "bob", "09"))
		assert.Contains(t, inBobs("cat ~/work/exercises/09_send/send.go ~/work/exercises/09_send/send.go.yours-*"), "mine")
		inBobs("cd ~/work && echo again > exercises/09_send/send.go") // it is still his
	})
	t.Run("no solution is there", func(t *testing.T) {
		assert.Empty(t, inBobs("ls -A ~/work/solutions /opt/stepwise/course/solutions 2>/dev/null | grep -v : || true"))
	})
}

// TestABoundForTheDisk: either the engine bounds the learners' folders, or the Hub says that it
// can't, and doesn't start.
func TestABoundForTheDisk(t *testing.T) {
	c, hub := beginClass(t, "bob\n", "STEPWISE_DISK=100m")
	until(t, "the Hub runs, or has ended", func() bool { return hub.state("Health.Status") == "healthy" || hub.state("Status") == "exited" })
	if hub.state("Status") == "exited" {
		assert.Contains(t, hub.log(), "STEPWISE_DISK=100m: the engine can't bound the learners' folders: ")
		assert.NotContains(t, hub.log(), "Traceback")
		return
	}
	c.spawn("bob")
	c.ready("bob")
	r := docker(t, "exec", c.p.name+"-class-bob", "dd", "if=/dev/zero", "of=/home/jovyan/work/x", "bs=1M", "count=200")
	assert.NotZero(t, r.status, "it holds more than the bound")
}

// class is the teacher's command beside the Hub.
func (c *class) class(args ...string) string {
	c.t.Helper()
	return c.p.must(append([]string{"exec", "-T", "hub", "class"}, args...)...)
}

// password is that of a name.
func (c *class) password(name string) string {
	c.t.Helper()
	for line := range strings.Lines(c.class("list")) {
		if words := strings.Fields(line); words[0] == name {
			return words[1]
		}
	}
	require.Fail(c.t, "nobody is called "+name)
	return ""
}

// login fills in the Hub's form, as a browser does, and returns the address that it
// leads to.
func (c *class) login(name, password string) *url.URL {
	c.t.Helper()
	_, at := c.browser(name, password)
	return at
}

// browser logs in, and returns a client that is logged in then, and the address that the form
// led to.
func (c *class) browser(name, password string) (*http.Client, *url.URL) {
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
	return browser, answer.Request.URL
}
