module github.com/doublerandom/doublerandom/examples/verify-full

go 1.25.0

replace (
	github.com/doublerandom/doublerandom => ../..
	github.com/doublerandom/doublerandom/draw/drandbeacon => ../../draw/drandbeacon
	github.com/doublerandom/doublerandom/draw/gm => ../../draw/gm
)

require (
	github.com/doublerandom/doublerandom v0.0.0-00010101000000-000000000000
	github.com/doublerandom/doublerandom/draw/drandbeacon v0.0.0-00010101000000-000000000000
	github.com/doublerandom/doublerandom/draw/gm v0.0.0-00010101000000-000000000000
	github.com/makiuchi-d/gozxing v0.1.1
	github.com/piglig/go-qr v1.1.0
	github.com/stretchr/testify v1.12.1
	golang.org/x/image v0.45.0
	golang.org/x/mod v0.40.0
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/cloudflare/circl v1.6.5 // indirect
	github.com/emmansun/gmsm v0.44.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/crypto v0.54.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
	golang.org/x/text v0.41.0 // indirect
	golang.org/x/xerrors v0.0.0-20200804184101-5ec99f83aff1 // indirect
)
