"""StatBank (Statistics Denmark) as a partner that is asked for its tables and delivers into the landing zone."""
