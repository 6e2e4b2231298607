/** @param {number} id */
export const chat = (id) => ({
  type: 'chat',
  room: 'general',
  from: { id, name: 'Ada' },
  text: 'Has anybody seen the line go down, or is it just me?',
  at: 1_767_225_600_000,
});
