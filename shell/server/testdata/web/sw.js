// stands in for the service worker
