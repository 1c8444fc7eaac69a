using Tickets.Faults;

return await Suite.RunAsync(args);
