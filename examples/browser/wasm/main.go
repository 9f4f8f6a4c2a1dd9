//go:build js && wasm

// Wasm is the part of the page that knows the library, compiled to WebAssembly and
// run in a worker. It waits for the worker's requests and answers them one by one.
package main

import (
	"syscall/js"
	"time"

	"github.com/doublerandom/doublerandom/examples/browser/page"
)

// The worker defines doublerandom.progress(name, done, size) before it starts this
// program, which adds doublerandom.call(name, bytes), a function that returns JSON;
// package page says of what. It is not to be called again before it has returned.
func main() {
	global := js.Global().Get("doublerandom")
	session := &page.Session{Now: time.Now, Show: shower(global)}
	global.Set("call", js.FuncOf(func(_ js.Value, args []js.Value) any {
		data := make([]byte, args[1].Length())
		js.CopyBytesToGo(data, args[1])
		return string(session.Call(args[0].String(), data))
	}))
	global.Call("ready")
	select {} // a function of Go can be called only while the program runs
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
