package types

var jsonCodec, jsonbCodec codec
