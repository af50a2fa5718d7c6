package trial

// Which known mistake does the code look like? Read check.go before it.

import (
	"errors"
	"regexp"
	"slices"
	"time"
)

// looksLike names the known mistakes that fail the same cases in the same way; or else
// those that explain the first failure and as many others as can be, and true.
func (t Table) looksLike(failures []Failure) (names []string, partly bool) {
	var ids []string
	for _, f := range failures {
		ids = append(ids, f.Case.ID)
	}
	known := t.known()
	for _, k := range known {
		if slices.Equal(k.CaughtBy, ids) && k.fails(failures) {
			names = append(names, k.Name)
		}
	}
	if len(names) > 0 || errors.Is(failures[0].Err, ErrWaits) || errors.Is(failures[0].Err, errAbandoned) {
		return names, false
	}
	most := 0
	for _, k := range known {
		if slices.Equal(k.CaughtBy, ids) {
			continue // it fails in another way: see above
		}
		if n := k.explains(ids); n >= max(1, most) && k.fails(failures[:1]) {
			if n > most {
				names = nil
			}
			names, most = append(names, k.Name), n
		}
	}
	return names, true
}

// known are the mistakes that the table's cases can find out, by those alone: it may have
// but one of its lesson's.
func (t Table) known() (all []Known) {
	for _, k := range t.Known {
		k.CaughtBy = slices.DeleteFunc(slices.Clone(k.CaughtBy), func(id string) bool {
			return !slices.ContainsFunc(t.Cases, func(c Case) bool { return c.ID == id })
		})
		if len(k.CaughtBy) > 0 {
			all = append(all, k)
		}
	}
	return all
}

// explains counts the cases that find k out, if they are all among the failed ones and
// the first of those is one of them.
func (k Known) explains(failed []string) int {
	if !slices.Contains(k.CaughtBy, failed[0]) {
		return 0
	}
	for _, id := range k.CaughtBy {
		if !slices.Contains(failed, id) {
			return 0
		}
	}
	return len(k.CaughtBy)
}

// fails runs one of the failed cases on k and reports whether k fails with the
// same words. It prefers a case that ended. If all of them waited in vain, it
// doesn't wait that long again: code that isn't done at a glance waits too.
func (k Known) fails(failures []Failure) bool {
	for _, f := range failures {
		if errors.Is(f.Err, ErrWaits) || errors.Is(f.Err, errAbandoned) {
			continue
		}
		err := k.on(f.Case).run()
		return err != nil && masked(err) == masked(f.Err)
	}
	return k.on(failures[0].Case).waits()
}

// on is the same case, ready to run on k.
func (k Known) on(c Case) Case {
	return k.Cases[slices.IndexFunc(k.Cases, func(own Case) bool { return own.ID == c.ID })]
}

// glance is ample time for a case that doesn't wait in vain.
const glance = 2 * time.Second

// waits reports whether the case waits in vain. If it does, it is left to end by
// itself, when it loses patience.
func (c Case) waits() bool {
	result := make(chan error, 1)
	go func() { result <- c.run() }()
	late := time.NewTimer(min(glance, Patience()/4))
	defer late.Stop()
	select {
	case err := <-result:
		return errors.Is(err, ErrWaits) || errors.Is(err, errAbandoned)
	case <-late.C:
		return true
	}
}

var number = regexp.MustCompile(`\d+`)

// masked is an error without its numbers, which differ from run to run.
func masked(err error) string { return number.ReplaceAllString(err.Error(), "N") }
