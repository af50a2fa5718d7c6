package fetch

import (
	"fmt"
	"net/url"
)

// Parse reads a URL. ErrURL, with the reason, for anything but http and https,
// and for control characters, which could smuggle a second request.
func Parse(rawURL string) (*url.URL, error) {
	u, err := url.Parse(rawURL)
	switch {
	case err != nil:
		return nil, fmt.Errorf("fetch: %w: %w", err, ErrURL)
	case !fetchable(u):
		return nil, fmt.Errorf("fetch %q: %w", rawURL, ErrURL)
	}
	return u, nil
}

func fetchable(u *url.URL) bool {
	return ports[u.Scheme] != "" && u.Hostname() != "" && u.User == nil
}

// ports are the schemes that can be fetched, and where their servers listen.
var ports = map[string]string{"http": "80", "https": "443"}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return ports[u.Scheme]
}
