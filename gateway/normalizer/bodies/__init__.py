"""Reading what a mail carries: parts, charsets, HTML, attachments, and the wrappings that hide them."""
