package machine

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// The paths are assembled here, because this file is searched for paths too.
func TestPath(t *testing.T) {
	const r, h, u = "/" + "root/", "/" + "home/", "/" + "Users/"
	cases := []struct{ name, text, want string }{
		{"no path", "a / b", ""},
		{"a path of the system", "/usr/bin/python3 and /tmp/x", ""},
		{"root's", "open " + r + "go/pkg: no such file", r + "go/pkg"},
		{"root's, at the start", r + ".cache", r + ".cache"},
		{"a user's on Linux", `"` + h + `ann/x.go"`, h + "ann/x.go"},
		{"a user's on macOS", "(" + u + "ann.b/x)", u + "ann.b/x"},
		{"Jupyter's user is everybody", h + "jovyan/work and " + h + "jovyan/x", ""},
		{"behind everybody's, somebody's", h + "jovyan/work " + h + "ann/x", h + "ann/x"},
		{"a folder of that name elsewhere", "/opt" + r + "x and ./home" + "/ann/x", ""},
		{"the clone's own", "in /no/such/clone/pkg", "/no/such/clone"},
		{"a page of a site", "https://example.org" + h + "ann/", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, Path(c.text, "/no/such/clone/", "/src"))
		})
	}
}
