package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
)

// A stopwatch prints titles, how long the work under each took, and at the end the memory.
type stopwatch struct {
	out         io.Writer
	begin, last time.Time
}

func newStopwatch(out io.Writer) *stopwatch {
	now := time.Now()
	return &stopwatch{out, now, now}
}

func (w *stopwatch) title(text string) {
	fmt.Fprintf(w.out, "\n%s\n", text)
	w.flush()
	w.last = time.Now()
}

// flush shows what was printed: the next step may take a while.
func (w *stopwatch) flush() {
	if out, ok := w.out.(*bufio.Writer); ok {
		out.Flush()
	}
}

func (w *stopwatch) lap(what string) {
	fmt.Fprintf(w.out, "  %s in %v\n", what, time.Since(w.last).Round(10*time.Millisecond))
	w.flush()
}

func (w *stopwatch) total() {
	fmt.Fprintf(w.out, "  in all %v on %d processors; most memory: %s\n", time.Since(w.begin).Round(100*time.Millisecond), runtime.GOMAXPROCS(0), peak())
}

// peak returns the most memory that the process had, where the system says so, or what Go has taken.
func peak() string {
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		for line := range strings.Lines(string(status)) {
			var kb int64
			if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kb); n == 1 {
				return grouped(kb>>10) + " MB"
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return grouped(m.Sys>>20) + " MB taken by Go"
}
