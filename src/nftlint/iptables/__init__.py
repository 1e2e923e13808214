"""The iptables command line: commands as values (``model``), shown as a shell line (``render``)."""
