package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
)

// heard is what a server was told by one request.
type heard struct {
	Method, URI, Host, Body string
	Length                  int64
	Codings                 []string
	Header                  http.Header
}

// recording is a server that says hello, or at /to/CODE where to go for that. told returns
// what it was told since the last call, without the name that a client gives itself.
func recording(t *testing.T) (rawURL string, told func() []heard) {
	var mu sync.Mutex
	var all []heard
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			body = append(body, " and "+err.Error()...)
		}
		header := r.Header.Clone()
		if agent := header.Get("User-Agent"); agent == "stepwise" || strings.HasPrefix(agent, "curl/") {
			header["User-Agent"] = []string{"(its name)"}
		}
		header.Del("Content-Length") // it has a field of its own
		mu.Lock()
		all = append(all, heard{r.Method, r.RequestURI, r.Host, string(body), r.ContentLength, r.TransferEncoding, header})
		mu.Unlock()
		w.Header()["X-Twice"] = []string{"a", "b"}
		w.Header()["Date"] = nil
		var code int
		if n, _ := fmt.Sscanf(r.URL.Path, "/to/%d", &code); n == 1 {
			w.Header().Set("Location", "/there")
			w.WriteHeader(code)
		}
		_, _ = io.WriteString(w, "hello")
	}))
	t.Cleanup(server.Close)
	return server.URL, func() []heard {
		mu.Lock()
		defer mu.Unlock()
		now := all
		all = nil
		return now
	}
}

// asCurl are calls that mean the same to curl. "small", "large" and "binary" are files,
// and small is also standard input.
var asCurl = []struct {
	name, path string
	args       []string
}{
	{"nothing", "/", nil},
	{"a header", "/", []string{"-H", "X-Test: a, b"}},
	{"a header without a blank", "/", []string{"-HX-Test:a"}},
	{"a header in the long form", "/", []string{"--header", "X-Test: a"}},
	{"a header with blanks around it", "/", []string{"-H", "X-Test: \t a b  "}},
	{"a header with colons", "/", []string{"-H", "X-Test: a:b;c"}},
	{"a header beyond ASCII", "/", []string{"-H", "X-Test: ü"}},
	{"a header in lower case", "/", []string{"-H", "x-test: a"}},
	{"a header that comes twice", "/", []string{"-H", "X-Test: a", "-H", "x-test: b"}},
	{"an empty header", "/", []string{"-H", "X-Test;"}},
	{"a header that isn't there, left out", "/", []string{"-H", "X-Test:"}},
	{"a header of blanks", "/", []string{"-H", "X-Test: \t "}},
	{"a header left out, then given", "/", []string{"-H", "X-Test:", "-H", "X-Test: a"}},
	{"no Expect", "/", []string{"-d", "a", "-H", "Expect:"}},
	{"no coding", "/", []string{"-d", "a", "-H", "Transfer-Encoding:"}},
	{"another User-Agent", "/", []string{"-H", "User-Agent: crawler/1"}},
	{"no User-Agent", "/", []string{"-H", "User-Agent:"}},
	{"another Accept", "/", []string{"-H", "Accept: text/html"}},
	{"no Accept", "/", []string{"-H", "accept:"}},
	{"another Host", "/", []string{"-H", "Host: other.example:81"}},
	{"secrets", "/", []string{"-H", "Authorization: Bearer x", "-H", "Cookie: a=b; c=d"}},
	{"a close", "/", []string{"-H", "Connection: close"}},
	{"PUT", "/", []string{"-X", "PUT"}},
	{"a method beside its flag", "/", []string{"-XDELETE"}},
	{"a method in the long form", "/", []string{"--request", "PURGE"}},
	{"a method in lower case", "/", []string{"-X", "get"}},
	{"OPTIONS", "/", []string{"-X", "OPTIONS"}},
	{"data", "/?q=1", []string{"-d", "a=b&c=%20d"}},
	{"data in the long form", "/", []string{"--data", "a=b"}},
	{"data with commas, quotes and backslashes", "/", []string{"-d", `{"a": [1, 2], 'b': "\n"}`}},
	{"data in two parts", "/", []string{"-d", "a=b", "-d", "c=d"}},
	{"data that is empty", "/", []string{"-d", ""}},
	{"data, and what is empty", "/", []string{"-d", "a", "-d", ""}},
	{"data of a file", "/", []string{"-d", "@small"}},
	{"data of a file beside its flag", "/", []string{"-d@small"}},
	{"data of a file of bytes", "/", []string{"-d", "@binary"}},
	{"data of standard input", "/", []string{"-d", "@-"}},
	{"data of both, and more", "/", []string{"-d", "@small", "-d", "x", "-d", "@-"}},
	{"data of a megabyte", "/", []string{"-d", "@large", "-H", "Expect:"}},
	{"data of a type", "/", []string{"-d", "{}", "-H", "Content-Type: application/json"}},
	{"data of no type", "/", []string{"-d", "{}", "-H", "Content-Type:"}},
	{"data in a PUT", "/", []string{"-X", "PUT", "-d", "a"}},
	{"data in a GET", "/", []string{"-X", "GET", "-d", "a"}},
	{"the head", "/", []string{"-I"}},
	{"the head in the long form", "/", []string{"--head"}},
	{"the head, with a header", "/", []string{"-I", "-H", "X-Test: a"}},
	{"302 of a GET", "/to/302", []string{"-H", "X-Test: a"}},
	{"302 of a HEAD", "/to/302", []string{"-I"}},
	{"301 of a POST", "/to/301", []string{"-d", "a"}},
	{"303 of a POST", "/to/303", []string{"-d", "a", "-H", "X-Test: a"}},
	{"307 of a POST", "/to/307", []string{"-d", "a", "-H", "Content-Type: text/plain"}},
	{"308 of a POST of standard input", "/to/308", []string{"-d", "@-"}},
	{"308 of a megabyte", "/to/308", []string{"-d", "@large", "-H", "Expect:"}},
}

// TestFetchAsCurl calls curl and stepwise fetch with the same flags. The server is told the
// same, and the same comes out.
func TestFetchAsCurl(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("NOT TESTED: install curl to compare with it")
	}
	rawURL, told := recording(t)
	t.Chdir(t.TempDir())
	for name, content := range map[string]string{
		"small": "a=b\r\nc\n", "binary": "a\xff\xfe\n\nb\r\n", "large": strings.Repeat("0123456789\n", 100<<10),
	} {
		require.NoError(t, os.WriteFile(name, []byte(content), 0o644))
	}
	input := func(t *testing.T) *os.File {
		f, err := os.Open("small")
		require.NoError(t, err)
		return f
	}
	for _, test := range asCurl {
		t.Run(test.name, func(t *testing.T) {
			asked := exec.Command(curl, append([]string{"-sS", "-L", rawURL + test.path}, test.args...)...)
			asked.Stdin = input(t)
			want, err := asked.Output()
			require.NoError(t, err)
			wanted := told()
			require.NotEmpty(t, wanted)

			typing(t, input(t))
			status, out, complaint := call(t, slices.Concat([]string{"fetch"}, test.args, []string{rawURL + test.path})...)
			assert.Equal(t, ok, status, complaint)
			assert.Empty(t, complaint)
			assert.Equal(t, wanted, told())
			if strings.HasPrefix(string(want), "HTTP/") { // curl prints each head, in the server's order
				heads := strings.Split(strings.TrimRight(strings.ReplaceAll(string(want), "\r", ""), "\n"), "\n\n")
				want, out = []byte(sorted(heads[len(heads)-1])), sorted(out)
			}
			assert.Equal(t, string(want), out)
		})
	}
}

// sorted returns a head with its lines in order, and its names in lower case.
func sorted(head string) string {
	all := strings.Split(strings.TrimRight(strings.ReplaceAll(head, "\r", ""), "\n"), "\n")
	for i, line := range all {
		if name, value, found := strings.Cut(line, ": "); found {
			all[i] = strings.ToLower(name) + ": " + value
		}
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// TestFetchSends: what curl and fetch don't have in common.
func TestFetchSends(t *testing.T) {
	rawURL, told := recording(t)
	t.Run("one body for all URLs", func(t *testing.T) {
		f, err := os.Open(writeTemp(t, "from input"))
		require.NoError(t, err)
		typing(t, f)
		status, out, complaint := call(t, "fetch", "-d", "@-", rawURL+"/a", rawURL+"/b")
		require.Equal(t, ok, status, complaint)
		assert.Equal(t, "hellohello", out)
		for _, h := range told() {
			assert.Equal(t, "from input", h.Body)
		}
	})
	for name, c := range map[string]struct {
		data []string
		want string
	}{
		"nothing, and more": {[]string{"", "b"}, "b"}, // as curl since 8
		"a file with NULs":  {[]string{"@" + writeTemp(t, "\x00a\x00\xff")}, "a\xff"},
	} {
		t.Run(name, func(t *testing.T) {
			args := []string{"fetch", rawURL}
			for _, d := range c.data {
				args = append(args, "-d", d)
			}
			told()
			status, _, complaint := call(t, args...)
			require.Equal(t, ok, status, complaint)
			assert.Equal(t, c.want, told()[0].Body)
		})
	}
	t.Run("a body is its JSON line's, and not the head", func(t *testing.T) {
		_, out, _ := call(t, "fetch", "-I", "--json", rawURL)
		assert.Contains(t, out, `"status":200,"bytes":0,`)
	})
	t.Run("trace fetch takes them too", func(t *testing.T) {
		told()
		status, _, complaint := call(t, "trace", "fetch", "-X", "PUT", "-H", "X-Test: a", "-d", "b", rawURL)
		require.Equal(t, ok, status, complaint)
		h := told()[0]
		assert.Equal(t, []string{"PUT", "a", "b"}, []string{h.Method, h.Header.Get("X-Test"), h.Body})
	})
	t.Run("a redirect to another server takes no secret along", func(t *testing.T) {
		from := httptest.NewServer(http.RedirectHandler(rawURL, http.StatusTemporaryRedirect))
		defer from.Close()
		told()
		status, _, complaint := call(t, "fetch", "-d", "body", "-H", "Authorization: x", "-H", "Cookie: y", "-H", "Host: z", "-H", "X-Test: a", from.URL)
		require.Equal(t, ok, status, complaint)
		h := told()[0]
		assert.Equal(t, []string{"POST", "body", "a", strings.TrimPrefix(rawURL, "http://")}, []string{h.Method, h.Body, h.Header.Get("X-Test"), h.Host})
		assert.Empty(t, h.Header["Authorization"])
		assert.Empty(t, h.Header["Cookie"])
	})
	for code, said := range map[int]bool{200: false, 201: false, 204: false, 304: true, 404: true, 500: true} {
		t.Run(fmt.Sprint("the status ", code), func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }))
			defer server.Close()
			status, _, complaint := call(t, "fetch", "-d", "", server.URL)
			assert.Equal(t, ok, status)
			assert.Equal(t, said, strings.Contains(complaint, fmt.Sprint(`the status is "`, code)), complaint)
		})
	}
}

func writeTemp(t *testing.T, content string) string {
	name := t.TempDir() + "/file"
	require.NoError(t, os.WriteFile(name, []byte(content), 0o644))
	return name
}

// TestFetchHeadWords: what a head says can't control a terminal, and the rest of it stays
// as it came.
func TestFetchHeadWords(t *testing.T) {
	server := faulty.HTTP("HTTP/1.1 200 \u009b2J ü\r\nB: \x9b\\\t\"é\u202e\r\nA: x\r\nContent-Length: 3\r\n\r\n")
	defer server.Close()
	status, out, complaint := call(t, "fetch", "-I", server.URL())
	assert.Equal(t, ok, status)
	assert.Empty(t, complaint)
	assert.Equal(t, `HTTP/1.1 200 \u009b2J ü`+"\nA: x\n"+`B: \x9b\`+"\t"+`"é\u202e`+"\nContent-Length: 3\n\n", out)
}

// TestFetchRefuses: wrong requests end before anything is sent, and repeat no value, which
// may be a secret.
func TestFetchRefuses(t *testing.T) {
	rawURL, told := recording(t)
	for _, test := range []struct {
		name, says string
		args       []string
	}{
		{"a line without a colon", "-H: a line has no colon: want 'Name: value'", []string{"-H", "secret"}},
		{"a file of headers", "-H: a line has no colon", []string{"-H", "@secret"}},
		{"a name with a blank", `-H "X Test": this is no name of a header`, []string{"-H", "X Test: secret"}},
		{"no name", `-H "": this is no name`, []string{"-H", ": secret"}},
		{"no name, and empty", `-H "": this is no name`, []string{"-H", ";"}},
		{"a line end in a value", "-H X: the value has a control character", []string{"-H", "X: secret\r\nY: z"}},
		{"a length", "-H Content-Length: the client counts the body itself", []string{"-H", "content-length: 3"}},
		{"no length", "-H Content-Length: the client counts", []string{"-H", "Content-Length:"}},
		{"a coding", "-H Transfer-Encoding: the client decides", []string{"-H", "Transfer-Encoding: chunked"}},
		{"an empty coding", "-H Transfer-Encoding: the client decides", []string{"-H", "Transfer-Encoding;"}},
		{"an Expect", "-H Expect: the client decides", []string{"-H", "Expect: 100-continue"}},
		{"a Trailer", "-H Trailer: the client decides", []string{"-H", "Trailer: X"}},
		{"no Host", "-H Host: a request must name its host", []string{"-H", "Host:"}},
		{"an empty Host", "-H Host: a request must name its host", []string{"-H", "Host;"}},
		{"two hosts", "-H Host is given twice", []string{"-H", "Host: a", "-H", "Host: b"}},
		{"an empty User-Agent", "-H 'User-Agent;': it can't be sent empty: write 'User-Agent:' to send none", []string{"-H", "User-Agent;"}},
		{"an empty Accept", "-H 'Accept;': it can't be sent empty", []string{"-H", "Accept;"}},
		{"a method with a blank", `-X "G T": want a method such as PUT`, []string{"-X", "G T"}},
		{"a tunnel", "-X CONNECT makes a tunnel", []string{"-X", "CONNECT"}},
		{"a head with data", "-I asks for a head, which takes no -d", []string{"-I", "-d", "secret"}},
		{"a head with a method", "-I is -X HEAD", []string{"-I", "-X", "GET"}},
		{"data of a file that isn't there", "-d @/no/such: open /no/such: no such file", []string{"-d", "@/no/such"}},
		{"data of a folder", "is a directory", []string{"-d", "@/"}},
		{"no data", "--data needs a value", []string{"-d"}},
		{"data with a dash", "one that begins with a dash is written --data=-1", []string{"-d", "-1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, out, complaint := call(t, slices.Concat([]string{"fetch", rawURL}, test.args)...)
			assert.Equal(t, usage, status)
			assert.Empty(t, out)
			assert.Contains(t, complaint, test.says)
			assert.NotContains(t, complaint, "secret")
			assert.Contains(t, complaint, "\nTry: stepwise fetch --help\n")
			assertPlain(t, complaint)
			assert.Empty(t, told())
		})
	}
}

// TestFetchInputCanceled: Ctrl-C ends it while standard input says nothing.
func TestFetchInputCanceled(t *testing.T) {
	silent, keyboard, err := os.Pipe()
	require.NoError(t, err)
	defer keyboard.Close() // ends the read
	typing(t, silent)
	rawURL, told := recording(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var complaint strings.Builder
	assert.Equal(t, failed, run(ctx, []string{"fetch", "-d", "@-", rawURL}, streams{Out: io.Discard, Err: &complaint}))
	assert.Equal(t, "stepwise: stopped\n", complaint.String())
	assert.Empty(t, told())
}
