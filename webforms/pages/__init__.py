"""The pages, by what people come for: to look around, to send, to come back by receipt or by status link."""
