"""What a person sets: flags, environment, rules and price files in; typed values of the model out."""
