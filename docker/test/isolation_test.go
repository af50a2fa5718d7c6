package test

import (
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// This file has the attacks of a learner, from inside their own container, on the
// others of the class, on the Hub and on the machine. Read hub_test.go first.

// isolated tries to reach the other learner's server and kernel, the Hub, the
// engine and the machine. token is the other learner's, so that only the network
// can stop the attack.
func isolated(t *testing.T, c *class, name, other, token string) {
	mine := &container{t: t, id: c.p.name + "-class-" + name}
	theirs := &container{t: t, id: c.p.name + "-class-" + other}
	hub := &container{t: t, id: strings.TrimSpace(c.p.must("ps", "--quiet", "hub"))}
	address, _ := theirs.network()
	port := strings.TrimSpace(theirs.must(`sed -n 's/.*"shell_port": *\([0-9]*\).*/\1/p' ~/.local/share/jupyter/runtime/kernel-*.json | head -n 1`))
	require.Regexp(t, `^\d+$`, port, "the other learner has no kernel")

	t.Run("another's server", func(t *testing.T) {
		assert.Equal(t, "200", hub.ask("http://"+theirs.id+":8888/user/"+other+"/api/contents/secret.ipynb", token), "the attack would get nowhere from anywhere")
		for _, host := range []string{theirs.id, other, address} {
			assert.Equal(t, "000", mine.ask("http://"+host+":8888/user/"+other+"/api/contents/secret.ipynb", token), host)
		}
		assert.Empty(t, mine.reached("8888", theirs.id, other, address))
	})
	t.Run("another's kernel", func(t *testing.T) {
		assert.Equal(t, []string{"127.0.0.1"}, theirs.reached(port, "127.0.0.1", address), "the kernel isn't there, or is there for all")
		assert.Empty(t, mine.reached(port, address))
		assert.Empty(t, hub.reached(port, address), "not even the Hub needs it")
	})
	t.Run("the Hub's proxy takes orders from the Hub alone", func(t *testing.T) {
		assert.Equal(t, []string{"127.0.0.1"}, hub.reached("8001", "127.0.0.1"), "the proxy isn't there")
		assert.Equal(t, []string{"hub"}, mine.reached("8081", "hub"), "a learner's server asks the Hub who comes")
		assert.Empty(t, mine.reached("8001", "hub"))
	})
	t.Run("the engine", func(t *testing.T) {
		assert.Empty(t, mine.run("find / -xdev -type s -name 'docker*' 2>/dev/null").stdout)
		assert.NotContains(t, mine.must("env; ls -la /srv /var/run 2>&1"), "token-of-the-test")
	})
	t.Run("what listens on the machine", func(t *testing.T) { nothingOfTheHost(t, mine, hub) })
	t.Run("what is beyond the machine", func(t *testing.T) {
		assert.Empty(t, mine.reached("80", "192.0.2.1", "169.254.169.254"), "a cloud's metadata is at the second")
	})
}

// nothingOfTheHost starts services on the machine's loopback and on all its
// addresses, and tries every address at which a container may find them.
func nothingOfTheHost(t *testing.T, mine, hub *container) {
	_, gateway := mine.network()
	_, outside := hub.network()
	addresses := []string{gateway, outside, "host.docker.internal", "127.0.0.1"}
	found, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, a := range found {
		if ip := a.(*net.IPNet).IP.To4(); ip != nil && !ip.IsLoopback() {
			addresses = append(addresses, ip.String())
		}
	}
	for _, on := range []string{"127.0.0.1", "0.0.0.0"} {
		l, err := net.Listen("tcp4", on+":0")
		require.NoError(t, err)
		t.Cleanup(func() { _ = l.Close() })
		var came atomic.Int32
		go func() {
			for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
				came.Add(1)
				_ = conn.Close()
			}
		}()
		port := fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
		assert.Empty(t, mine.reached(port, addresses...), "what listens on %s", on)
		conn, err := net.Dial("tcp4", "127.0.0.1:"+port)
		require.NoError(t, err)
		_ = conn.Close()
		until(t, "the service has had one guest", func() bool { return came.Load() > 0 })
		assert.EqualValues(t, 1, came.Load(), "more than the test itself came")
	}
}

// reached returns the hosts to whose port a program in the container can connect.
func (c *container) reached(port string, hosts ...string) []string {
	c.t.Helper()
	return strings.Fields(c.must("for h in " + strings.Join(hosts, " ") + "; do (timeout 3 bash -c \"</dev/tcp/$h/" + port + "\" 2>/dev/null && echo $h) & done; wait"))
}

// ask sends a request from inside the container and returns the status, or 000.
func (c *container) ask(url, token string) string {
	c.t.Helper()
	return c.run("curl -s -m 3 -o /dev/null -w '%{http_code}' -H 'Authorization: token " + token + "' " + url).stdout
}

// network returns the container's address, and the machine's address on the same
// network. The Hub is on several networks; for it, network takes the one that
// leads out.
func (c *container) network() (address, gateway string) {
	c.t.Helper()
	var networks map[string]struct{ IPAddress, Gateway string }
	require.NoError(c.t, json.Unmarshal([]byte(must(c.t, "inspect", "--format", "{{json .NetworkSettings.Networks}}", c.id)), &networks))
	for name, n := range networks {
		if len(networks) == 1 || strings.HasSuffix(name, "_outside") {
			return n.IPAddress, n.Gateway
		}
	}
	return "", ""
}
