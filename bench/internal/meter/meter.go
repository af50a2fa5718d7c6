// Package meter is what the small programs of the bench have in common: they measure the
// processor time of their own process, and can profile themselves.
package meter

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

var profile = flag.String("cpuprofile", "", "write a CPU profile to `FILE`, for go tool pprof")

// Args parses the command line, which must have as many arguments as usage has words, and
// returns them.
func Args(words int, usage string) []string {
	log.SetFlags(0)
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "usage: %s [--cpuprofile FILE] %s\n", os.Args[0], usage)
	}
	flag.Parse()
	if flag.NArg() != words {
		flag.Usage()
		os.Exit(2)
	}
	return flag.Args()
}

// Number returns an argument that must be a number, and at least least.
func Number(arg string, least int) int {
	n, err := strconv.Atoi(arg)
	if err != nil || n < least {
		log.Fatalf("%q: want a number of %d or more", arg, least)
	}
	return n
}

// Profiled runs f, under the profiler if --cpuprofile asks for it, and ends the program if
// f fails.
func Profiled(f func() error) {
	stop := startProfile()
	err := f()
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func startProfile() (stop func()) {
	if *profile == "" {
		return func() {}
	}
	file, err := os.Create(*profile)
	if err == nil {
		err = pprof.StartCPUProfile(file)
	}
	if err != nil {
		log.Fatal(err)
	}
	return func() {
		pprof.StopCPUProfile()
		if err := file.Close(); err != nil {
			log.Fatal(err)
		}
	}
}

// Each runs f, which does count things, and prints the processor time for each of them.
// What f leaves behind is printed too: bytes of the heap for each.
func Each(count int, f func() error) {
	Profiled(func() error {
		heap := inUse()
		before := CPU()
		err := f()
		took := CPU() - before
		if err == nil {
			fmt.Printf("count=%d cpu_us=%.5f left_bytes=%.3f\n", count, took.Seconds()*1e6/float64(count), float64(inUse()-heap)/float64(count))
		}
		return err
	})
}

// CPU is the processor time that this process has used, in all its threads.
func CPU() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
		log.Fatal(err)
	}
	return time.Duration(t.Nano())
}

// inUse is the size of what lives on the heap.
func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
