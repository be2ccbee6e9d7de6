"""Staff by mail: their answers, their #commands, what came back of our mails to them, what they forward."""
