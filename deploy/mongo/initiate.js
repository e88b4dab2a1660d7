// Read by mongosh in initiate.sh.
try {
  rs.status();
} catch (none) {
  // Named as the services name it: drivers go on with the name that the set tells them.
  rs.initiate({ _id: "transfer", members: [{ _id: 0, host: "mongodb:27017" }] });
}
while (!db.hello().isWritablePrimary) {
  sleep(200);
}

// A write counts once a majority has it, whoever asks for less: after a fail-over it is still there.
db.adminCommand({ setDefaultRWConcern: 1, defaultWriteConcern: { w: "majority", wtimeout: 0 } });

const password = fs.readFileSync("/run/secrets/mongo_password", "utf8").trim();
const transfer = db.getSiblingDB("transfer");
if (transfer.getUser("transfer")) {
  transfer.updateUser("transfer", { pwd: password });
} else {
  // Its own database and no other; indexes are created by the services.
  transfer.createUser({ user: "transfer", pwd: password, roles: [{ role: "readWrite", db: "transfer" }] });
}
