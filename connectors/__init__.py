"""How people reach the assistant: the web application, the router, the website, Teams and the coach desk."""
