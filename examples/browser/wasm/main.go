//go:build js && wasm

// Wasm is the part of the page that knows the library, compiled to WebAssembly and
// run in a worker. It waits for the worker's requests and answers them one by one.
package main

import (
	"runtime"
	"runtime/debug"
	"syscall/js"
	"time"

	"github.com/doublerandom/doublerandom/examples/browser/page"
)

// The worker defines doublerandom.progress(name, done, size) before it starts this
// program, which adds doublerandom.call(name, bytes), a function that returns JSON;
// package page says of what. It is not to be called again before it has returned.
func main() {
	sha256, err := suite()
	if err != nil {
		panic(err) // the page says that the program ended
	}
	debug.SetGCPercent(200)
	debug.SetMemoryLimit(1 << 30) // bytes; beyond it garbage is collected more often
	global := js.Global().Get("doublerandom")
	session := &page.Session{Suite: sha256, Now: time.Now, Show: shower(global)}
	global.Set("call", js.FuncOf(func(_ js.Value, args []js.Value) any {
		name := args[0].String()
		data := make([]byte, args[1].Length())
		js.CopyBytesToGo(data, args[1])
		if name == "open" {
			reserve(len(data))
		}
		return string(session.Call(name, data))
	}))
	global.Call("ready")
	select {} // a function of Go can be called only while the program runs
}

// reserve makes the memory grow once for a packed bundle of some bytes, not in
// thousands of small steps, each of which the browser pays for.
func reserve(packed int) {
	const times, most = 16, 512 << 20
	runtime.KeepAlive(make([]byte, min(times*packed, most)))
}

// shower tells the page how far reading got, ten times a second: a call out of
// WebAssembly for each block read would be slow.
func shower(global js.Value) func(name string, done, size int64) {
	var last time.Time
	return func(name string, done, size int64) {
		if now := time.Now(); now.Sub(last) > 100*time.Millisecond {
			last = now
			global.Call("progress", name, float64(done), float64(size))
		}
	}
}
