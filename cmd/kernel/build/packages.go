package build

// Standard are the packages of the standard library that cells can import: what a
// notebook on networks uses, and what a reader tries beside it. To give cells one more,
// add it here and run go generate ./cmd/kernel.
var Standard = []string{
	"bufio", "bytes", "compress/gzip", "container/heap", "container/list", "container/ring",
	"context", "crypto/md5", "crypto/rand", "crypto/sha1", "crypto/sha256", "crypto/tls",
	"crypto/x509", "encoding", "encoding/base64", "encoding/binary", "encoding/csv",
	"encoding/hex", "encoding/json", "encoding/pem", "errors", "flag", "fmt", "hash",
	"hash/crc32", "hash/fnv", "html", "html/template", "image", "image/color", "image/draw",
	"image/png", "io", "io/fs", "log", "log/slog", "math", "math/big", "math/bits",
	"math/cmplx", "math/rand", "math/rand/v2", "mime", "mime/multipart", "net", "net/http",
	"net/http/cookiejar", "net/http/httptest", "net/http/httptrace", "net/http/httputil",
	"net/mail", "net/netip", "net/textproto", "net/url", "os", "os/exec", "os/signal",
	"os/user", "path", "path/filepath", "reflect", "regexp", "runtime", "runtime/debug",
	"runtime/metrics", "runtime/pprof", "runtime/trace", "sort", "strconv", "strings",
	"sync", "sync/atomic", "syscall", "testing/iotest", "text/scanner", "text/tabwriter",
	"text/template", "time", "unicode", "unicode/utf16", "unicode/utf8",
}

// Generic are the packages that the checker knows though no table has them: all that they
// export is generic.
var Generic = []string{"cmp", "iter", "maps", "slices"}

// Sources are the files of Go's own that have the generic functions of those packages: cells
// run copies of them.
var Sources = []string{"cmp/cmp.go", "maps/iter.go", "maps/maps.go", "slices/iter.go", "slices/slices.go", "slices/sort.go"}
