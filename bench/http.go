package main

// How HTTP servers are measured: under the load of every other contest, and under wrk.

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var pages = []struct{ name, path string }{{"small", "/small"}, {"200 KB", "/large"}}

// pageWorks are the works of each page under that load.
func pageWorks(load string) (all []Work) {
	for _, p := range pages {
		all = append(all, Work{Name: load + " " + p.name, Unit: perRequest, Base: "nginx"})
	}
	return all
}

func httpTimes(b *bench, command string) (map[string]sample, error) {
	var works []string
	for _, w := range pageWorks("http") {
		works = append(works, w.Name)
	}
	return b.underLoad(command, works, func(i int) []string { return []string{"-c", "64", "-g", pages[i].path} })
}

var (
	wrkRequests = regexp.MustCompile(`(?m)^\s*(\d+) requests in `)
	wrkTroubles = regexp.MustCompile(`(?m)^.*(Socket errors|Non-2xx).*$`)
)

func wrkTimes(b *bench, command string) (map[string]sample, error) {
	wrk, err := b.programs.find(b.ctx, "wrk")
	if err != nil {
		return nil, err
	}
	s, err := b.serve(command, b.cores[:1])
	if err != nil {
		return nil, err
	}
	defer s.close()
	samples := make(map[string]sample)
	for i, w := range pageWorks("wrk") {
		var count float64
		used, took, err := window(s.cpu, time.Now, func() error {
			out, err := runOn(b.ctx, b.cores[1:2], append(wrk, "-t1", "-c64", "-d1s", "http://"+s.address()+pages[i].path))
			if err == nil {
				count, err = requests(out)
			}
			return err
		})
		if err != nil {
			return samples, fmt.Errorf("%s: %w", w.Name, err)
		}
		samples[w.Name] = share(used, took, count)
	}
	return samples, nil
}

// share is what one of count requests cost.
func share(used, took time.Duration, count float64) sample {
	return sample{used.Seconds() * 1e6 / count, used.Seconds() / took.Seconds()}
}

// window returns how much processor time cpu has counted while f ran, and how long that took.
func window(cpu func() (time.Duration, error), now func() time.Time, f func() error) (used, took time.Duration, err error) {
	before, err := cpu()
	if err != nil {
		return 0, 0, err
	}
	start := now()
	if err := f(); err != nil {
		return 0, 0, err
	}
	took = now().Sub(start)
	after, err := cpu()
	return after - before, took, err
}

// requests is how many wrk has made.
func requests(out string) (float64, error) {
	if trouble := wrkTroubles.FindString(out); trouble != "" {
		return 0, fmt.Errorf("wrk: %s", strings.TrimSpace(trouble))
	}
	found := wrkRequests.FindStringSubmatch(out)
	if found == nil || found[1] == "0" {
		return 0, fmt.Errorf("wrk counted no requests: %q", tail([]byte(out)))
	}
	return strconv.ParseFloat(found[1], 64)
}

func (b *bench) webFolder() string { return filepath.Join(b.scratch, "web") }

// makeFiles makes what HTTP servers serve, readable for a server that runs as somebody else.
func (b *bench) makeFiles() error {
	if err := os.MkdirAll(b.webFolder(), 0o755); err != nil {
		return err
	}
	for name, bytes := range map[string]int{"small": 1 << 10, "large": 200 << 10} {
		if err := os.WriteFile(filepath.Join(b.webFolder(), name), []byte(strings.Repeat("x", bytes)), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// configureNginx is for one worker, which is the whole process. By default nginx closes a
// connection after 1000 requests.
func (b *bench) configureNginx(path string, port int) error {
	config := fmt.Sprintf(`daemon off; master_process off; pid "%[1]s/nginx.pid"; error_log stderr;
events { worker_connections 4096; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
  client_body_temp_path "%[1]s/body"; proxy_temp_path "%[1]s/proxy"; fastcgi_temp_path "%[1]s/fastcgi";
  uwsgi_temp_path "%[1]s/uwsgi"; scgi_temp_path "%[1]s/scgi";
  server { listen 127.0.0.1:%[2]d; root "%[3]s"; }
}`, b.scratch, port, b.webFolder())
	return os.WriteFile(path, []byte(config), 0o644)
}
