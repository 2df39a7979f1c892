// Azurite keeps tables in LokiJS, whose indexes it hardly uses: a query looks at every row of the table, a row is searched among all
// rows of the same row key, and all tables are written out every five seconds, however long that takes. With thousands of batches
// most of its time goes there. What it answers stays the same.
"use strict";

// Only conditions that all have to hold: then the rows of one partition are all that can be meant.
const conditionsInOnePartition = /^PartitionKey eq '((?:[^']|'')*)'(?: and \w+ (?:eq|ne|gt|ge|lt|le) '(?:[^']|'')*')*$/;

// Saving stops everything else; so it gets at most a twentieth of the time.
const pauseAfterSaving = 20;
const saveAgainAt = new WeakMap();

module.exports = function useIndexes(azurite) {
  const load = (name) => require(require.resolve(name, { paths: [azurite] }));
  const Loki = load("lokijs");
  const Queries = load("azurite/dist/src/table/persistence/LokiTableStoreQueryGenerator").default;

  const generate = Queries.generateQueryForPersistenceLayer;
  Queries.generateQueryForPersistenceLayer = function (options) {
    const matches = generate.apply(this, arguments);
    matches.partition = conditionsInOnePartition.exec(options.filter)?.[1].replaceAll("''", "'");
    return matches;
  };

  const where = Loki.Resultset.prototype.where;
  Loki.Resultset.prototype.where = function (matches) {
    const rows = matches.partition === undefined || this.filterInitialized ? this : this.find({ PartitionKey: matches.partition });
    return where.call(rows, matches);
  };

  const findOne = Loki.Collection.prototype.findOne;
  Loki.Collection.prototype.findOne = function (query) {
    const { PartitionKey, RowKey, ...rest } = query ?? {};
    if (PartitionKey === undefined || RowKey === undefined) return findOne.call(this, query);
    // The first condition is the one that is looked up.
    return findOne.call(this, count(this, { PartitionKey }) < count(this, { RowKey }) ? { PartitionKey, RowKey, ...rest } : { RowKey, PartitionKey, ...rest });
  };

  const save = Loki.prototype.saveDatabaseInternal;
  Loki.prototype.saveDatabaseInternal = function () {
    const started = performance.now();
    save.apply(this, arguments);
    saveAgainAt.set(this, performance.now() + pauseAfterSaving * (performance.now() - started));
  };
  Loki.prototype.autosaveEnable = function (options, callback) {
    this.autosave = true;
    this.autosaveHandle = setInterval(() => {
      if (this.autosaveDirty() && performance.now() >= (saveAgainAt.get(this) ?? 0)) this.saveDatabase(callback);
    }, this.autosaveInterval);
  };
};

function count(rows, condition) {
  const [[column, value]] = Object.entries(condition);
  const [first, last] = rows.calculateRange("$eq", column, value);
  return last - first + 1;
}
