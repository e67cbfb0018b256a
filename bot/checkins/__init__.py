"""The weekly question, what follows an answer, and short resets: nobody's but the member's own."""
